import type { Identity } from "./identity.ts";

/** What a screen needs that a mail's link leads to. */
export interface FromMail {
  readonly identity: Identity;
  readonly token: string;
}
