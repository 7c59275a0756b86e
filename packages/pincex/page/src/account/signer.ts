import type { Answer } from "./problem.ts";

/** What requests are signed with: an API key that was pasted, or a key of whoever is signed in. */
export interface Signer {
  /** Signs; refused where there is no key any more, and then nothing has been asked of the venue. */
  sign(payload: string): Promise<Answer<Signed>>;
  /** The venue does not know the key. Answers whether another one can be had. */
  forget(): boolean;
}

export interface Signed {
  readonly key: string;
  readonly signature: string;
}

/** Browsers sign only on https and on this machine. */
export const canSign = (): boolean => globalThis.crypto?.subtle !== undefined;
