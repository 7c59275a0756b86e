import type { AccountContext } from "../account-context.ts";
import { enrolledFactors } from "../factors/enrolled-factors.ts";
import { authenticate } from "../sessions/authenticate.ts";
import type { Client } from "../sign-in/client.ts";
import { refusedAnswer } from "./answer.ts";
import { DEVICE_COOKIE, readCookies, SESSION_COOKIE } from "./cookies.ts";
import type { IdentityRequest, IdentityResponse } from "./identity-request.ts";
import { readJson } from "./json-body.ts";
import { refusalResponse } from "./refusal-status.ts";
import type { Route, RouteAnswer } from "./route.ts";
import { ROUTES } from "./routes.ts";
import { isSameOrigin } from "./same-origin.ts";

/** Identity over HTTP, for a host to mount. */
export interface IdentityHandler {
  /** Whether a path is one of its own. */
  owns(path: string): boolean;
  /** Never rejects. */
  handle(request: IdentityRequest): Promise<IdentityResponse>;
}

export interface IdentityHandlerOptions {
  /** Where it is mounted; `/identity` unless told otherwise. */
  readonly prefix?: string;
  /** The host's own, such as keys for a page that trades. They are asked first. */
  readonly routes?: readonly Route[];
  /** Where the pages live, for a host whose proxy doesn't hand on the name that the browser asked. */
  readonly origins?: readonly string[];
  /** Hears of what went wrong in us, without what was sent. */
  readonly onError?: (error: unknown) => void;
}

/**
 * The use cases of accounts over HTTP: JSON in and out, the session in a cookie that no script reads, changes only from the same origin,
 * refusals as problem documents (RFC 9457).
 *
 * @example
 * const identity = createIdentityHandler(context, { prefix: "/identity" });
 * createServer(toIdentityListener(identity, rest));
 */
export const createIdentityHandler = (
  context: AccountContext,
  {
    prefix = "/identity",
    routes = [],
    origins = [],
    onError = () => {},
  }: IdentityHandlerOptions = {},
): IdentityHandler => {
  const all = [...routes, ...ROUTES];
  const owns = (path: string): boolean => pathnameOf(path).startsWith(`${prefix}/`);
  const handle = async (request: IdentityRequest): Promise<IdentityResponse> => {
    try {
      return await answerTo(
        context,
        { all, origins },
        request,
        pathnameOf(request.path).slice(prefix.length),
      );
    } catch (error) {
      onError(error);
      return refusedAnswer(500, { code: "internal_error", rule: "Identity is in order." });
    }
  };
  return { owns, handle };
};

const pathnameOf = (path: string): string => path.split("?", 1)[0] ?? "";

const answerTo = async (
  context: AccountContext,
  { all, origins }: { readonly all: readonly Route[]; readonly origins: readonly string[] },
  request: IdentityRequest,
  pathname: string,
): Promise<IdentityResponse> => {
  const found = routeOf(all, request.method, pathname);
  if (found === undefined) {
    return refusedAnswer(404, {
      code: "route_unknown",
      rule: "There is something at the address.",
    });
  }
  const { route, id } = found;
  if (route.method !== "GET" && !isSameOrigin(request, origins)) {
    return refusedAnswer(403, {
      code: "origin_foreign",
      rule: "Changes are asked for by pages of this origin.",
    });
  }
  const body = bodyOf(route, request);
  if (!body.ok) return body.response;
  const cookies = readCookies(request.headers["cookie"]);
  const client = clientOf(request, cookies);
  const call = { context, client, body: body.value, id };
  if (!route.asksForSession) return responseOf(await route.run(call, undefined));
  const authenticated = await authenticate(context, cookies.get(SESSION_COOKIE));
  if (!authenticated.ok) return refusalResponse(authenticated);
  const { session } = authenticated;
  const answer = await route.run(call, session);
  if (!("code" in answer) || answer.code !== "reauthentication_needed") return responseOf(answer);
  // By what they may prove it again.
  return refusalResponse(answer, { factors: await enrolledFactors(context.db, session.user) });
};

const responseOf = (answer: RouteAnswer): IdentityResponse =>
  "code" in answer ? refusalResponse(answer) : answer;

const routeOf = (
  routes: readonly Route[],
  method: string,
  pathname: string,
): { readonly route: Route; readonly id: string } | undefined => {
  const parts = pathname.split("/").slice(1);
  for (const route of routes) {
    const id = route.method === method ? idIn(route.path.split("/"), parts) : undefined;
    if (id !== undefined) return { route, id };
  }
  return undefined;
};

/** What stands for `:id`, "" where nothing does; undefined where the path is another one. */
const idIn = (pattern: readonly string[], parts: readonly string[]): string | undefined => {
  if (pattern.length !== parts.length) return undefined;
  let id = "";
  for (const [index, part] of pattern.entries()) {
    const given = parts[index] ?? "";
    if (part === ":id") id = given;
    else if (part !== given) return undefined;
  }
  return pattern.includes(":id") && !/^[\w-]{1,100}$/.test(id) ? undefined : id;
};

type ReadBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly response: IdentityResponse };

/** The body by the route's own schema; a form of another site can't be of this content type without asking first. */
const bodyOf = ({ body: schema }: Route, request: IdentityRequest): ReadBody => {
  if (schema === undefined) return { ok: true, value: undefined };
  const json = readJson(request);
  if (!json.ok) return { ok: false, response: refusedAnswer(json.status, json) };
  const read = schema.safeParse(json.value);
  if (read.success) return { ok: true, value: read.data };
  const [issue] = read.error.issues;
  const field = issue?.path.join(".");
  const refused = { code: "body_malformed", rule: issue?.message ?? "The body is as described." };
  return {
    ok: false,
    response: refusedAnswer(400, field ? { ...refused, field } : refused),
  };
};

const clientOf = (
  { headers, remoteAddress }: IdentityRequest,
  cookies: ReadonlyMap<string, string>,
): Client => ({
  address: remoteAddress ?? "",
  deviceToken: cookies.get(DEVICE_COOKIE),
  name: headers["user-agent"],
});
