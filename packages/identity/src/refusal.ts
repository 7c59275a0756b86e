/** Something that a user can cause: why nothing was done. Each area names its own codes; each code is a sentence. */
export interface Refused<Code extends string = string> {
  readonly ok: false;
  readonly code: Code;
  /** The field that broke the rule, where one did. */
  readonly field?: string;
  /** The rule, as a sentence for whoever reads the answer. */
  readonly rule: string;
  /** When it makes sense to try again, in milliseconds since 1970. */
  readonly retryAt?: number;
}
