import { CROSS_ORIGIN_HEADERS } from "../cross-origin.ts";
import {
  bodyText,
  type GatewayRequest,
  type GatewayResponse,
  JSON_CONTENT,
  MAX_BODY_BYTES,
} from "../http-message.ts";
import { type LimitState, rateLimitHeaders } from "../limits/request-limits.ts";
import type { NativeAnswer, NativeRoute, NativeServices } from "./native-services.ts";
import { Problem, problemResponse, TooManyRequests, withinLimits } from "./problem.ts";
import { ROUTES } from "./routes.ts";
import { noQuerySchema, queryObject, validated } from "./schemas.ts";
import { authenticateRequest } from "./signature.ts";

const SPLIT_ROUTES = ROUTES.map((route) => ({ route, segments: route.path.split("/") }));

/** The REST part of the native API. */
export class NativeRest {
  readonly #services: NativeServices;

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
    const { route, path } = matched(request.method, pathname);
    const isLimited = !("isNeverLimited" in route && route.isNeverLimited);
    const ofAddress = isLimited ? withinLimits(limits.byAddress(request.remoteAddress)) : [];
    const body = bodyText(request.body);
    if (body === undefined) {
      throw new Problem(400, "body_malformed", "body", "The body is JSON in UTF-8.");
    }
    const call = { ...this.#services, path, query: queryObject(query), body };
    // A query that a route knows it judges itself.
    if (route.query === undefined) validated(noQuerySchema, call.query);
    if (route.access === "public") return jsonResponse(await route.run(call), ofAddress);

    const { authenticator, clock } = this.#services;
    const principal = await authenticateRequest(request, body, authenticator, clock());
    if (!principal.permissions.includes(route.access)) {
      throw new Problem(
        403,
        "permission_missing",
        "pincex-key",
        `The key has the permission "${route.access}".`,
      );
    }
    const ofKey = isLimited ? limits.byKey(request.headers["pincex-key"] ?? "") : [];
    const states = withinLimits([...ofAddress, ...ofKey]);
    return jsonResponse(await route.run({ ...call, principal }), states);
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
): { route: NativeRoute; path: Record<string, string> } => {
  const parts = pathname.split("/");
  const allowed: string[] = [];
  for (const { route, segments } of SPLIT_ROUTES) {
    const path = variablesIn(segments, parts);
    if (path === undefined) continue;
    if (route.method === method) return { route, path };
    allowed.push(route.method);
  }
  if (allowed.length > 0) throw new MethodNotAllowed(allowed.join(", "));
  throw routeUnknown();
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

const jsonResponse = (
  { status = 200, json }: NativeAnswer,
  limits: readonly LimitState[],
): GatewayResponse => ({
  status,
  headers: { ...JSON_CONTENT, ...CROSS_ORIGIN_HEADERS, ...rateLimitHeaders(limits) },
  body: JSON.stringify(json),
});
