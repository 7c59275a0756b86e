import type { Refused } from "../refusal.ts";

/** How somebody proved to be who they are. */
export type SignInMethod = "password" | "totp" | "passkey" | "recovery_code";

/**
 * Who acts: what `authenticate` answers for a session's token. Use cases take their user from here and nowhere else, never from what a
 * client sent.
 */
export interface Session {
  readonly id: string;
  readonly user: string;
  readonly kind: "browser" | "app";
  readonly device: string;
  /** 1: one factor. 2: two factors, or a passkey that verified its user. */
  readonly assurance: 1 | 2;
  readonly methods: readonly SignInMethod[];
  /** The last sign-in or re-authentication, in milliseconds since 1970. */
  readonly authenticatedAt: number;
}

/** What a client keeps of a session. Shown once, and again only as long as a refresh token's grace lasts. */
export interface SessionTokens {
  readonly token: string;
  /** When the token ends, if nothing prolongs it. */
  readonly expiresAt: number;
  /** For an app: gives the next token and the next refresh token, once. */
  readonly refreshToken?: string;
}

export type SessionRefusal = Refused<"session_invalid" | "reauthentication_needed">;
