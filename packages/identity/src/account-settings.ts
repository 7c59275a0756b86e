import { DEFAULT_PASSWORD_RULES, type PasswordRules } from "./passwords/password-rules.ts";
import type { ThrottleRule } from "./throttling/throttle.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long sessions live, in milliseconds. */
export interface SessionSettings {
  readonly browserIdleMs: number;
  readonly browserLongestMs: number;
  /** The short-lived token of an app. */
  readonly appTokenMs: number;
  /** How long an app's refresh token waits to be used. */
  readonly appIdleMs: number;
  readonly appLongestMs: number;
  /** How long a refresh token that was used gives the same successor again: for an answer that got lost. 0 turns it off. */
  readonly refreshGraceMs: number;
  /** What protects an account is changed only so long after the last sign-in or re-authentication. */
  readonly recentMs: number;
}

/** Counts and waits of wrong attempts. */
export interface ThrottleSettings {
  readonly passwordByAccount: ThrottleRule;
  readonly passwordByDevice: ThrottleRule;
  readonly factorByAccount: ThrottleRule;
  readonly factorByDevice: ThrottleRule;
  readonly byNetwork: ThrottleRule;
  readonly mailByAccount: ThrottleRule;
}

export interface TotpSettings {
  /** Who issued it, as an authenticator shows it. */
  readonly issuer: string;
  /** How much older than now a code may be, and how much newer, in seconds. */
  readonly tolerance: readonly [past: number, future: number];
  readonly pendingMs: number;
}

export interface PasskeySettings {
  /** The relying party: the host name of the page. */
  readonly relyingParty: string;
  readonly name: string;
  /** Where the page comes from, as `https://exchange.example`. */
  readonly origins: readonly string[];
  readonly challengeMs: number;
  readonly mostEach: number;
}

/** Everything about accounts that a host may set. */
export interface AccountSettings {
  readonly passwordRules: PasswordRules;
  readonly sessions: SessionSettings;
  readonly throttles: ThrottleSettings;
  readonly totp: TotpSettings;
  readonly passkeys: PasskeySettings;
  readonly registrationMs: number;
  readonly passwordResetMs: number;
  readonly contactChangeMs: number;
  readonly thawMs: number;
  readonly signInChallengeMs: number;
  /**
   * Answers that must not tell who exists come no sooner than this: what is done for a known address takes a millisecond or two more than what is
   * done for an unknown one.
   */
  readonly evenAnswerMs: number;
  /** Codes by e-mail or SMS; off unless wanted. */
  readonly confirmationCodes: { readonly on: boolean; readonly validMs: number };
}

export const DEFAULT_ACCOUNT_SETTINGS: AccountSettings = {
  passwordRules: DEFAULT_PASSWORD_RULES,
  sessions: {
    browserIdleMs: 30 * MINUTE,
    browserLongestMs: 12 * HOUR,
    appTokenMs: 10 * MINUTE,
    appIdleMs: 7 * DAY,
    appLongestMs: 30 * DAY,
    refreshGraceMs: 10 * SECOND,
    recentMs: 10 * MINUTE,
  },
  throttles: {
    // A hundred in a row is what SP 800-63B-4 allows at most.
    passwordByAccount: {
      name: "password.account",
      free: 5,
      firstWaitMs: SECOND,
      longestWaitMs: 15 * MINUTE,
      most: 100,
      forgottenAfterMs: 30 * DAY,
    },
    // A device that signed in before has its own count, so that a stranger can't use up the owner's. It is spent sooner.
    passwordByDevice: {
      name: "password.device",
      free: 5,
      firstWaitMs: SECOND,
      longestWaitMs: MINUTE,
      most: 20,
      forgottenAfterMs: DAY,
    },
    factorByAccount: {
      name: "factor.account",
      free: 5,
      firstWaitMs: 5 * SECOND,
      longestWaitMs: HOUR,
      most: 100,
      forgottenAfterMs: 30 * DAY,
    },
    factorByDevice: {
      name: "factor.device",
      free: 5,
      firstWaitMs: 5 * SECOND,
      longestWaitMs: 15 * MINUTE,
      most: 20,
      forgottenAfterMs: DAY,
    },
    // Many people may share a network: generous, and never closed for long.
    byNetwork: {
      name: "network",
      free: 30,
      firstWaitMs: SECOND,
      longestWaitMs: 5 * MINUTE,
      most: 1_000,
      forgottenAfterMs: HOUR,
    },
    mailByAccount: {
      name: "mail.account",
      free: 3,
      firstWaitMs: MINUTE,
      longestWaitMs: HOUR,
      most: 100,
      forgottenAfterMs: DAY,
    },
  },
  totp: { issuer: "Pincex", tolerance: [30, 5], pendingMs: 15 * MINUTE },
  passkeys: {
    relyingParty: "localhost",
    name: "Pincex",
    origins: ["http://localhost:8080"],
    challengeMs: 5 * MINUTE,
    mostEach: 20,
  },
  registrationMs: DAY,
  passwordResetMs: HOUR,
  contactChangeMs: DAY,
  thawMs: DAY,
  signInChallengeMs: 10 * MINUTE,
  evenAnswerMs: 250,
  confirmationCodes: { on: false, validMs: 10 * MINUTE },
};
