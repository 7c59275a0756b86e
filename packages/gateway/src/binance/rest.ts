import type { Authenticator, Credentials, Principal } from "../authenticator.ts";
import { CROSS_ORIGIN_HEADERS } from "../cross-origin.ts";
import {
  bodyText,
  type GatewayRequest,
  type GatewayResponse,
  JSON_CONTENT,
  MAX_BODY_BYTES,
} from "../http-message.ts";
import {
  exceeded,
  type LimitState,
  type RequestLimits,
  rateLimitHeaders,
} from "../limits/request-limits.ts";
import {
  BinanceError,
  bodyTooLarge,
  illegalCharacters,
  internalError,
  parameterMissing,
  TooManyRequests,
  unsupportedOperation,
} from "./error.ts";
import type { BinanceServices, Method, SignedMethod } from "./method.ts";
import { METHODS_BY_ROUTE, PATHS } from "./method-table.ts";
import { Parameters, parsePairs } from "./parameters.ts";
import { RATE_LIMITS } from "./request-usage.ts";
import {
  apiKeyInvalid,
  apiKeyMalformed,
  checkTimestamp,
  isApiKey,
  restPayload,
  signatureInvalid,
} from "./signing.ts";

/** The REST part of the dialect: `/api/v3`, `/sapi/v1`, and what clients ask futures hosts. */
export class BinanceRest {
  readonly #services: BinanceServices;
  readonly #authenticator: Authenticator;
  readonly #onError: (error: unknown) => void;

  constructor(
    services: BinanceServices,
    authenticator: Authenticator,
    onError: (error: unknown) => void,
  ) {
    this.#services = services;
    this.#authenticator = authenticator;
    this.#onError = onError;
  }

  async handle(request: GatewayRequest, pathname: string, query: string): Promise<GatewayResponse> {
    try {
      if (request.body.length > MAX_BODY_BYTES) throw bodyTooLarge();
      const method = METHODS_BY_ROUTE.get(`${request.method} ${pathname}`);
      if (method === undefined) {
        await this.#limited(undefined, (limits) => limits.byAddress(request.remoteAddress));
        throw unknownRoute(pathname);
      }
      return await this.#run(method, request, query);
    } catch (error) {
      if (error instanceof BinanceError) return errorResponse(error);
      this.#onError(error);
      return errorResponse(internalError());
    }
  }

  async #run(method: Method, request: GatewayRequest, query: string): Promise<GatewayResponse> {
    const { usage, clock } = this.#services;
    const body = bodyText(request.body);
    if (body === undefined) throw illegalCharacters("body", "UTF-8");
    // A parameter that stands in both counts as the query has it.
    const values = new Map([...parsePairs(body), ...parsePairs(query)]);
    const ofAddress = await this.#limited(method, (limits) =>
      limits.byAddress(request.remoteAddress),
    );
    const weight = usage.request(request.remoteAddress ?? "", method.weight, clock());
    const headers: Record<string, string> = {
      ...JSON_CONTENT,
      ...CROSS_ORIGIN_HEADERS,
      "x-mbx-used-weight": String(weight),
      "x-mbx-used-weight-1m": String(weight),
      ...rateLimitHeaders(ofAddress),
    };
    const call = {
      ...this.#services,
      parameters: new Parameters(values, this.#services.markets),
    };
    if (method.security === "public") {
      return { status: 200, headers, body: JSON.stringify(await method.run(call)) };
    }
    const apiKey = request.headers["x-mbx-apikey"] ?? "";
    if (method.security === "key") {
      if (!isApiKey(apiKey)) throw apiKeyMalformed();
      return { status: 200, headers, body: JSON.stringify(await method.run({ ...call, apiKey })) };
    }
    const principal = await provedWithin(
      this.#services,
      method,
      request.remoteAddress,
      this.#authenticate(apiKey, values, restPayload(query, body), request.remoteAddress),
    );
    const ofKey = await this.#limited(method, (limits) => limits.byKey(apiKey));
    Object.assign(headers, rateLimitHeaders([...ofAddress, ...ofKey]));
    const answer = await method.run({ ...call, principal });
    if (method.countsAsOrder) Object.assign(headers, this.#countOrder(principal));
    return { status: 200, headers, body: JSON.stringify(answer) };
  }

  /** What is left of a limit; throws where the request was more than it lets through. */
  #limited(
    method: Method | undefined,
    take: (limits: RequestLimits) => readonly LimitState[] | Promise<readonly LimitState[]>,
  ): Promise<readonly LimitState[]> {
    const { limits, clock } = this.#services;
    return withinLimits(method, () => take(limits), clock());
  }

  async #authenticate(
    apiKey: string,
    values: ReadonlyMap<string, string>,
    payload: string,
    address: string | undefined,
  ): Promise<Principal> {
    if (!isApiKey(apiKey)) throw apiKeyMalformed();
    checkTimestamp(values, this.#services.clock());
    const signature = values.get("signature");
    if (signature === undefined || signature === "") throw parameterMissing("signature");
    return authenticated(this.#authenticator, { apiKey, signature, address }, [payload]);
  }

  #countOrder({ account }: Principal): Record<string, string> {
    const { usage, clock } = this.#services;
    usage.order(account, clock());
    const { tenSeconds, day } = usage.orders(account, clock());
    return {
      [`x-mbx-order-count-${RATE_LIMITS[1].intervalNum}s`]: String(tenSeconds),
      [`x-mbx-order-count-${RATE_LIMITS[2].intervalNum}d`]: String(day),
    };
  }
}

/** Who signed one of the payloads; throws the `BinanceError` for a key or a signature that is not right. */
export const authenticated = async (
  authenticator: Authenticator,
  claim: Omit<Credentials, "payload">,
  payloads: readonly string[],
): Promise<Principal> => {
  for (const payload of payloads) {
    const answer = await authenticator.authenticate({ ...claim, payload });
    if (answer.ok) return answer.principal;
    if (answer.code === "api_key_unknown") throw apiKeyInvalid(answer.code);
  }
  throw signatureInvalid();
};

const checkPermission = (method: SignedMethod, principal: Principal): void => {
  if (!principal.permissions.includes(method.security)) throw apiKeyInvalid("permission_missing");
};

/** Who may call the method. An attempt that fails is counted even where the method itself is not. */
export const provedWithin = async (
  { limits, clock }: BinanceServices,
  method: SignedMethod,
  address: string | undefined,
  proving: Promise<Principal>,
): Promise<Principal> => {
  try {
    const principal = await proving;
    checkPermission(method, principal);
    return principal;
  } catch (error) {
    if (isNeverLimited(method)) {
      await withinLimits(undefined, () => limits.byAddress(address), clock());
    }
    throw error;
  }
};

/** Takes a request from its limits unless it is never limited. What is no method at all is limited, too. */
export const withinLimits = async (
  method: Method | undefined,
  take: () => readonly LimitState[] | Promise<readonly LimitState[]>,
  now: number,
): Promise<readonly LimitState[]> => {
  if (isNeverLimited(method)) return [];
  const states = await take();
  const over = exceeded(states);
  if (over !== undefined) throw new TooManyRequests(states, over, now);
  return states;
};

const isNeverLimited = (method: Method | undefined): boolean =>
  method !== undefined && "isNeverLimited" in method && method.isNeverLimited === true;

const unknownRoute = (pathname: string): BinanceError =>
  PATHS.has(pathname) ? unsupportedOperation(405, "method") : unsupportedOperation(404, "path");

const errorResponse = (error: BinanceError): GatewayResponse => ({
  status: error.status,
  headers: {
    ...JSON_CONTENT,
    ...CROSS_ORIGIN_HEADERS,
    ...(error.status === 503 ? { "retry-after": "1" } : {}),
    ...(error instanceof TooManyRequests ? error.headers : {}),
  },
  body: JSON.stringify(error),
});
