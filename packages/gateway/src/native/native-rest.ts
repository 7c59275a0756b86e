import type { Permission, Principal } from "../authenticator.ts";
import { CROSS_ORIGIN_HEADERS } from "../cross-origin.ts";
import {
  bodyText,
  type GatewayRequest,
  type GatewayResponse,
  JSON_CONTENT,
  MAX_BODY_BYTES,
} from "../http-message.ts";
import { type LimitState, rateLimitHeaders } from "../limits/request-limits.ts";
import type {
  NativeAnswer,
  NativeCall,
  NativePage,
  NativeRoute,
  NativeServices,
  SignedNativeCall,
} from "./native-services.ts";
import {
  bodyMalformed,
  moreThanAtOnce,
  Problem,
  problemResponse,
  TooManyRequests,
  withinLimits,
} from "./problem.ts";
import { RepeatedRequests } from "./repeated-requests.ts";
import { ROUTES } from "./routes.ts";
import { noQuerySchema, queryObject, validated } from "./schemas.ts";
import { authenticateRequest } from "./signature.ts";

const routedCall = (
  services: NativeServices,
  path: NativeCall["path"],
  query: NativeCall["query"],
  body: string,
): NativeCall => ({
  views: services.views,
  marketData: services.marketData,
  history: services.history,
  markets: services.markets,
  orders: services.orders,
  authenticator: services.authenticator,
  clock: services.clock,
  limits: services.limits,
  path,
  query,
  body,
});

/** Field by field, as in `callOf`. */
const signedCall = (
  call: NativeCall,
  principal: Principal,
  refuseRepeated: () => void,
): SignedNativeCall => ({
  views: call.views,
  marketData: call.marketData,
  history: call.history,
  markets: call.markets,
  orders: call.orders,
  authenticator: call.authenticator,
  clock: call.clock,
  limits: call.limits,
  path: call.path,
  query: call.query,
  body: call.body,
  principal,
  refuseRepeated,
});

/** Routes whose path has no part that varies, by method and path. */
const PLAIN_ROUTES = new Map(
  ROUTES.filter(({ path }) => !path.includes("{")).map((route) => [
    `${route.method} ${route.path}`,
    { route, path: {} },
  ]),
);

const SPLIT_ROUTES = ROUTES.map((route) => ({ route, segments: route.path.split("/") }));

/** The REST part of the native API. */
export class NativeRest {
  readonly #services: NativeServices;
  readonly #repeated = new RepeatedRequests();

  constructor(services: NativeServices) {
    this.#services = services;
  }

  async handle(request: GatewayRequest, pathname: string, query: string): Promise<GatewayResponse> {
    try {
      return await this.#answer(request, pathname, query);
    } catch (error) {
      if (error instanceof MethodNotAllowed) return problemResponse(error, { allow: error.allow });
      if (error instanceof TooManyRequests) return problemResponse(error, error.headers);
      if (error instanceof Problem) return problemResponse(error);
      throw error;
    }
  }

  async #answer(
    request: GatewayRequest,
    pathname: string,
    query: string,
  ): Promise<GatewayResponse> {
    if (request.body.length > MAX_BODY_BYTES) throw bodyTooLarge();
    const { limits } = this.#services;
    const found = matched(request.method, pathname);
    const isFree = !(found instanceof Problem) && isNeverLimited(found.route);
    const isUncounted = isFree || limits.areNone;
    const ofAddress = isUncounted
      ? []
      : withinLimits(await limits.byAddress(request.remoteAddress));
    if (found instanceof Problem) throw found;
    const { route, path } = found;
    const body = textIn(request);
    const call = routedCall(this.#services, path, queryObject(query), body);
    // A query that a route knows it judges itself.
    if (route.query === undefined) validated(noQuerySchema, call.query);
    if (route.access === "public") return responseOf(await route.run(call), ofAddress);

    const principal = await this.#proved(request, body, route.access, isFree);
    const refuseRepeated = (): void =>
      this.#repeated.refuseRepeated(request.headers["pincex-signature"] ?? "", call.clock());
    const signed = signedCall(call, principal, refuseRepeated);
    if (isUncounted) return responseOf(await route.run(signed), []);
    const more = (route.requests?.(signed) ?? 1) - 1;
    if (more >= limits.mostAtOnce) throw moreThanAtOnce(limits.mostAtOnce);
    const states = withinLimits([
      ...(more > 0 ? await limits.byAddress(request.remoteAddress, more) : ofAddress),
      ...(await limits.byKey(request.headers["pincex-key"] ?? "", 1 + more)),
    ]);
    return responseOf(await route.run(signed), states);
  }

  /** Who signed the request, if they may do this. An attempt that fails is counted even where nothing else is. */
  async #proved(
    request: GatewayRequest,
    body: string,
    permission: Permission,
    isFree: boolean,
  ): Promise<Principal> {
    const { authenticator, clock, limits } = this.#services;
    try {
      const principal = await authenticateRequest(request, body, authenticator, clock());
      if (principal.permissions.includes(permission)) return principal;
      const rule = `The key has the permission "${permission}".`;
      throw new Problem(403, "permission_missing", "pincex-key", rule);
    } catch (error) {
      if (isFree) withinLimits(await limits.byAddress(request.remoteAddress));
      throw error;
    }
  }
}

class MethodNotAllowed extends Problem {
  readonly allow: string;

  constructor(allow: string) {
    super(405, "method_not_allowed", "method", `The method is one of ${allow}.`);
    this.allow = allow;
  }
}

const matched = (
  method: string,
  pathname: string,
): { route: NativeRoute; path: Record<string, string> } | Problem => {
  const plain = PLAIN_ROUTES.get(`${method} ${pathname}`);
  if (plain !== undefined) return plain;
  const parts = pathname.split("/");
  const allowed: string[] = [];
  for (const { route, segments } of SPLIT_ROUTES) {
    const path = variablesIn(segments, parts);
    if (path === undefined) continue;
    if (route.method === method) return { route, path };
    allowed.push(route.method);
  }
  return allowed.length > 0 ? new MethodNotAllowed(allowed.join(", ")) : routeUnknown();
};

const isNeverLimited = (route: NativeRoute): boolean =>
  route.access !== "public" && route.isNeverLimited === true;

const textIn = ({ body }: GatewayRequest): string => {
  const text = bodyText(body);
  if (text === undefined) throw bodyMalformed();
  return text;
};

const bodyTooLarge = (): Problem =>
  new Problem(413, "body_too_large", "body", `The body has at most ${MAX_BODY_BYTES} bytes.`);

export const routeUnknown = (): Problem =>
  new Problem(404, "route_unknown", "path", "The path is one of the API's.");

/** What stands for the `{name}` parts of a path; undefined if it is another path. */
const variablesIn = (
  segments: readonly string[],
  parts: readonly string[],
): Record<string, string> | undefined => {
  if (segments.length !== parts.length) return undefined;
  const variables: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? "";
    if (segment.startsWith("{")) variables[segment.slice(1, -1)] = decoded(part);
    else if (segment !== part) return undefined;
  }
  return variables;
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const HEADERS: Readonly<Record<string, string>> = { ...JSON_CONTENT, ...CROSS_ORIGIN_HEADERS };

const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html;charset=UTF-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
};

const responseOf = (
  answer: NativeAnswer | NativePage,
  limits: readonly LimitState[],
): GatewayResponse => {
  const own = "html" in answer ? PAGE_HEADERS : HEADERS;
  const headers = limits.length === 0 ? own : { ...own, ...rateLimitHeaders(limits) };
  if ("html" in answer) return { status: 200, headers, body: answer.html };
  const { status = 200, json } = answer;
  return { status, headers, body: JSON.stringify(json) };
};
