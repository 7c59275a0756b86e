/**
 * Who is acting, for whatever stands around identity: nothing of how they are kept, and of how they proved who they are only what a
 * decision may depend on. A host with a sign-on of its own makes these, and needs nothing else of this package.
 */
export interface Principal {
  /** Never given to anybody else by the same issuer. */
  readonly user: string;
  /** Whose word it is that this is the user: this package's, or the address of an identity provider. */
  readonly issuer: string;
  /** When the user last proved who they are, in milliseconds since 1970. */
  readonly authenticatedAt: number;
  /** How, in the words of RFC 8176: `pwd`, `otp`, `hwk`, `swk`, `mfa`, … Empty where the issuer doesn't say. */
  readonly methods: readonly string[];
}

/**
 * One text for one person, whoever vouches for them: two issuers that give out the same user id speak of two people.
 *
 * @example
 * principalKey({ issuer: "https://login.example", user: "42" }); // => "[\"https://login.example\",\"42\"]"
 */
export const principalKey = ({ issuer, user }: Pick<Principal, "issuer" | "user">): string =>
  JSON.stringify([issuer, user]);
