import type { RejectionCode } from "../rejection.ts";
import type { DecimalReading } from "./decimal-scale.ts";

/** A rule that was broken. Nothing has changed. */
export interface BookRefusal {
  readonly ok: false;
  readonly code: RejectionCode | Extract<DecimalReading, { ok: false }>["code"];
  readonly field: string;
  /** Of a list: which of its orders broke the rule, from 1; absent: the list itself did. */
  readonly leg?: number;
}

export const refused = (code: BookRefusal["code"], field: string): BookRefusal => ({
  ok: false,
  code,
  field,
});
