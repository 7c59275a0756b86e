import { CROSS_ORIGIN_HEADERS } from "../cross-origin.ts";
import type { GatewayResponse } from "../http-message.ts";
import { exceeded, type LimitState, rateLimitHeaders } from "../limits/request-limits.ts";
import type { Refusal } from "../refusal.ts";

/** A problem document, RFC 9457, with what a program needs to decide what to do next. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Stable, a sentence. */
  readonly code: string;
  /** What of the request is at fault; null if no single part of it is. */
  readonly field: string | null;
  /** What would have been right. */
  readonly rule: string;
  /** Whether the same request may succeed later without a change. */
  readonly retryable: boolean;
  /** "no": certainly not carried out. "unknown": ask before trying again. */
  readonly executed: "no" | "unknown";
  /** What was missing, as decimal strings, where money was. */
  readonly needed?: string;
  readonly available?: string;
}

/** A refused request of the native API. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly document: ProblemDocument;

  constructor(
    status: number,
    code: string,
    field: string,
    rule: string,
    more: Partial<Pick<ProblemDocument, "retryable" | "executed" | "needed" | "available">> = {},
  ) {
    super(rule);
    this.document = {
      type: `urn:pincex:problem:${code}`,
      title: code.replaceAll("_", " "),
      status,
      code,
      field: field === "" ? null : field,
      rule,
      retryable: false,
      executed: "no",
      ...more,
    };
  }

  /** The same of a part of a greater request: the field's name says where. */
  within(part: string): Problem {
    const { status, code, field, rule, retryable, executed } = this.document;
    const path = field === null ? part : `${part}.${field}`;
    return new Problem(status, code, path, rule, { retryable, executed });
  }
}

/** More requests than a limit lets through. */
export class TooManyRequests extends Problem {
  readonly headers: Readonly<Record<string, string>>;

  constructor(states: readonly LimitState[], over: LimitState) {
    const of = over.name === "key" ? "a key" : "an address";
    const { burst, perSecond } = over.policy;
    super(
      429,
      "too_many_requests",
      "",
      `Of ${of} ${burst} requests at once, and ${perSecond} more a second; cancels are not limited.`,
      { retryable: true },
    );
    this.headers = rateLimitHeaders(states);
  }
}

/** The limits as they are after the request; throws where it was more than one lets through. */
export const withinLimits = (states: readonly LimitState[]): readonly LimitState[] => {
  const over = exceeded(states);
  if (over !== undefined) throw new TooManyRequests(states, over);
  return states;
};

/** What a request asks for at once can never be taken from the limits. */
export const moreThanAtOnce = (most: number): Problem =>
  new Problem(
    422,
    "requests_above_limit",
    "orders",
    `Each order counts as a request, and ${most} requests are taken at once.`,
  );

export const fieldDuplicate = (name: string): Problem =>
  new Problem(400, "field_duplicate", name, "Each field is sent once.");

export const bodyMalformed = (): Problem =>
  new Problem(400, "body_malformed", "body", "The body is JSON in UTF-8.");

export const problemResponse = (
  { document }: Problem,
  headers: Record<string, string> = {},
): GatewayResponse => ({
  status: document.status,
  headers: {
    "content-type": "application/problem+json",
    ...CROSS_ORIGIN_HEADERS,
    ...(document.status === 503 ? { "retry-after": "1" } : {}),
    ...headers,
  },
  body: JSON.stringify(document),
});

const STATUS_OF: Readonly<Record<string, number | undefined>> = {
  unknown_market: 404,
  unknown_listed_market: 404,
  order_unknown: 404,
  order_not_open: 409,
  order_list_not_open: 409,
  order_is_waiting: 409,
  order_is_pegged: 409,
  quantity_already_filled: 409,
  phase_forbids: 409,
  client_order_id_open: 409,
  command_id_conflict: 409,
  client_order_id_malformed: 400,
  venue_overloaded: 503,
  venue_stopped: 503,
  outcome_unknown: 503,
};

/** What the venue refused. `amount` writes smallest units of the asset that was short. */
export const problemOf = (refused: Refusal, amount?: (units: bigint) => string): Problem => {
  const { code, rule, retryable, executed, needed, available } = refused;
  // The native API derives the command's id from the client order id: that is what the client sent.
  const named = refused.field === "commandId" ? "clientOrderId" : refused.field;
  const field = refused.leg === undefined ? named : `orders.${refused.leg - 1}.${named}`;
  const short =
    needed === undefined || available === undefined || amount === undefined
      ? {}
      : { needed: amount(needed), available: amount(available) };
  return new Problem(STATUS_OF[code] ?? 422, code, field, rule, { retryable, executed, ...short });
};

export const marketUnknown = (): Problem =>
  new Problem(404, "unknown_market", "market", "The market is one of GET /v1/markets.");

export const orderUnknown = (): Problem =>
  new Problem(
    404,
    "order_unknown",
    "id",
    "The order is the account's own, open or among its most recently closed ones.",
  );

/** Our own mistake: nobody knows what became of the request. */
export const internalError = (): Problem =>
  new Problem(500, "internal_error", "", "The gateway is in order.", {
    retryable: true,
    executed: "unknown",
  });
