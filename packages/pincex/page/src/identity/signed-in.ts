import type { Identity } from "./identity.ts";
import type { Person } from "./person.ts";

/** What a screen of somebody's account needs: who it is, and the way to ask in their name. */
export interface SignedIn {
  readonly identity: Identity;
  readonly person: Person;
}
