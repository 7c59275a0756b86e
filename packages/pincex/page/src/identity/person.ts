import type { FactorKind } from "./factor.ts";
import { askIdentity, type IdentityAnswer } from "./identity-request.ts";

/** Whoever is signed in. */
export interface Person {
  readonly user: string;
  readonly email: string;
  readonly displayName: string | null;
  readonly factors: readonly FactorKind[];
  readonly hasPhrase: boolean;
  /** Milliseconds since 1970. */
  readonly securityHoldUntil: number | null;
}

const REMEMBERED = "pincex.signed-in";

/** Whether somebody has signed in with this browser: where nobody has, there is no need to ask. */
export const mayBeSignedIn = (): boolean => localStorage.getItem(REMEMBERED) !== null;

/** Only that somebody is signed in, never who: the session itself is a cookie. */
export const noteSignedIn = (isSignedIn: boolean): void => {
  if (isSignedIn) localStorage.setItem(REMEMBERED, "1");
  else localStorage.removeItem(REMEMBERED);
};

export const fetchPerson = (): Promise<IdentityAnswer<Person>> => askIdentity("GET", "me");
