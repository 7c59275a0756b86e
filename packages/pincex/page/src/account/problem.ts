/** Why something was not done. */
export interface Refusal {
  readonly code: string;
  /** The field of the request that is at fault, such as "price" or "orders.1.triggerPrice"; null if none is. */
  readonly field: string | null;
  /** What would have been right. */
  readonly rule: string;
}

/** The same as the exchange's problem documents say it. */
export interface Problem extends Refusal {
  /** "no": certainly not carried out. "unknown": ask before trying again. */
  readonly executed: "no" | "unknown";
  /** What was missing, where money was. */
  readonly needed?: string;
  readonly available?: string;
}

export type Answer<Json, Why extends Refusal = Problem> =
  | { readonly ok: true; readonly json: Json }
  | { readonly ok: false; readonly problem: Why };

/** Nobody answered: the request may have arrived. */
export const unreachable: Problem = {
  code: "exchange_unreachable",
  field: null,
  rule: "The exchange does not answer.",
  executed: "unknown",
};

/** The problem as a sentence. */
export const problemText = ({ rule, needed, available, executed }: Problem): string => {
  const money =
    needed === undefined || available === undefined
      ? ""
      : ` ${needed} needed, ${available} available.`;
  const unknown = executed === "unknown" ? " It may have been done: look at your orders." : "";
  return `${rule}${money}${unknown}`;
};
