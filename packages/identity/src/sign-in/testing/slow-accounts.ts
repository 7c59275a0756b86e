import type { Session } from "../../sessions/session.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../testing/durations.ts";

/** Who signs up, by the first letter. */
export type Person = "alice" | "bob";

interface SlowUser {
  frozen: boolean;
  /** Which of their two addresses is theirs. */
  address: 0 | 1;
  /** Which of their two passwords counts. */
  password: 0 | 1;
  totp: { secret: string; lastStep: number } | undefined;
  unusedCodes: string[];
}

/** A session as the rules have it. */
export interface SlowSession {
  readonly user: Person;
  readonly kind: Session["kind"];
  readonly endsAt: number;
  token: string;
  refresh: string | undefined;
  refreshEndsAt: number;
  usedRefresh: string[];
  assurance: 1 | 2;
  authenticatedAt: number;
  lastSeenAt: number;
  idleEndsAt: number;
  ended: boolean;
}

/** A sign-in whose second factor is missing. */
export interface SlowChallenge {
  readonly user: Person;
  readonly token: string;
  readonly endsAt: number;
  attempts: number;
  gone: boolean;
}

/** What a client sends as its second factor, by what it is. */
export type ProofSort =
  | "right"
  | "replayed"
  | "other_person"
  | "nonsense"
  | "recovery"
  | "used_recovery";

const STEP = 30 * SECOND;

/**
 * The rules of accounts in plain steps, on lists: who may be in which state, and by what they got there. The real ones are compared with it
 * after each step.
 */
export class SlowAccounts {
  readonly users = new Map<Person, SlowUser>();
  readonly sessions: SlowSession[] = [];
  readonly challenges: SlowChallenge[] = [];
  /** All that was ever handed out. */
  readonly tokens = new Set<string>();
  now: number;

  constructor(now: number) {
    this.now = now;
  }

  user(person: Person): SlowUser {
    const user = this.users.get(person);
    if (user === undefined) throw new Error(`${person} is nobody`);
    return user;
  }

  signUp(person: Person): void {
    this.users.set(person, {
      frozen: false,
      address: 0,
      password: 0,
      totp: undefined,
      unusedCodes: [],
    });
  }

  /** What the right password leads to; a wrong one to `credentials_wrong`. */
  signIn(
    person: Person,
    right: boolean,
  ): "credentials_wrong" | "account_frozen" | "factor_needed" | "signed_in" {
    const user = this.user(person);
    if (!right) return "credentials_wrong";
    if (user.frozen) return "account_frozen";
    return user.totp === undefined ? "signed_in" : "factor_needed";
  }

  began(person: Person, token: string): void {
    this.tokens.add(token);
    const endsAt = this.now + 10 * MINUTE;
    this.challenges.push({ user: person, token, endsAt, attempts: 0, gone: false });
  }

  finish(challenge: SlowChallenge, sort: ProofSort): "challenge_invalid" | "factor_wrong" | "ok" {
    if (challenge.gone || challenge.attempts >= 5 || this.now >= challenge.endsAt)
      return "challenge_invalid";
    challenge.attempts++;
    if (!this.prove(challenge.user, sort)) return "factor_wrong";
    challenge.gone = true;
    return "ok";
  }

  /** Uses the factor up. */
  prove(person: Person, sort: ProofSort): boolean {
    const { totp, unusedCodes } = this.user(person);
    if (sort === "recovery") return unusedCodes.shift() !== undefined;
    const step = Math.floor(this.now / STEP);
    if (sort !== "right" || totp === undefined || step <= totp.lastStep) return false;
    totp.lastStep = step;
    return true;
  }

  started(
    user: Person,
    kind: Session["kind"],
    assurance: 1 | 2,
    tokens: { readonly token: string; readonly refreshToken?: string },
  ): void {
    const session: SlowSession = {
      user,
      kind,
      assurance,
      endsAt: this.now + (kind === "browser" ? 12 * HOUR : 30 * DAY),
      token: "",
      refresh: undefined,
      refreshEndsAt: 0,
      usedRefresh: [],
      authenticatedAt: this.now,
      lastSeenAt: this.now,
      idleEndsAt: 0,
      ended: false,
    };
    this.sessions.push(session);
    this.gotTokens(session, tokens);
  }

  gotTokens(
    session: SlowSession,
    { token, refreshToken }: { readonly token: string; readonly refreshToken?: string },
  ): void {
    session.token = token;
    session.refresh = refreshToken;
    session.refreshEndsAt = Math.min(this.now + 7 * DAY, session.endsAt);
    const lives = session.kind === "browser" ? 30 * MINUTE : 10 * MINUTE;
    session.idleEndsAt = Math.min(this.now + lives, session.endsAt);
    this.tokens.add(token);
    if (refreshToken !== undefined) this.tokens.add(refreshToken);
  }

  lives({ user, ended, endsAt }: SlowSession): boolean {
    return !ended && !this.user(user).frozen && this.now < endsAt;
  }

  /** Whether the session's token opens it now. */
  opens(session: SlowSession): boolean {
    return this.lives(session) && this.now < session.idleEndsAt;
  }

  used(session: SlowSession): void {
    if (this.now - session.lastSeenAt < MINUTE) return;
    session.lastSeenAt = this.now;
    if (session.kind === "browser")
      session.idleEndsAt = Math.min(this.now + 30 * MINUTE, session.endsAt);
  }

  /** What stands in the way of a change of what protects the account. */
  change(session: SlowSession): "reauthentication_needed" | "ok" {
    return this.now - session.authenticatedAt > 10 * MINUTE ? "reauthentication_needed" : "ok";
  }

  /** Every other session of the user is over, and every sign-in that has only begun. */
  endAll(person: Person, except?: SlowSession): void {
    for (const session of this.sessions) {
      if (session.user === person && session !== except) session.ended = true;
    }
    for (const challenge of this.challenges) if (challenge.user === person) challenge.gone = true;
  }

  refresh(session: SlowSession, token: string): "refresh_invalid" | "ok" {
    if (!this.lives(session)) return "refresh_invalid";
    if (session.usedRefresh.includes(token)) session.ended = true;
    if (token !== session.refresh || session.ended || this.now >= session.refreshEndsAt)
      return "refresh_invalid";
    session.usedRefresh.push(token);
    session.lastSeenAt = this.now;
    return "ok";
  }
}
