/** Why nothing was done, in the form that every dialect translates from. */
export interface Refusal {
  readonly ok: false;
  /** A sentence: the rule that protects the venue. */
  readonly code: string;
  /** What of the request is at fault; "" if no single part of it is. */
  readonly field: string;
  /** The rule in words. */
  readonly rule: string;
  /** Whether the same request may succeed later without a change. */
  readonly retryable: boolean;
  /** "no": certainly not carried out. "unknown": it may have been; ask for the order before trying again. */
  readonly executed: "no" | "unknown";
  /** What was missing, in the asset's smallest units, where money was. */
  readonly needed?: bigint;
  readonly available?: bigint;
  /** Which order of a list is at fault, from 1. */
  readonly leg?: number;
}

export const refusal = (
  code: string,
  field: string,
  rule: string,
  more: Partial<Omit<Refusal, "ok" | "code" | "field" | "rule">> = {},
): Refusal => ({ ok: false, code, field, rule, retryable: false, executed: "no", ...more });

/** Whether an answer, or one half of one, is a refusal. */
export const isRefusal = (answer: object): answer is Refusal =>
  "ok" in answer && answer.ok === false;
