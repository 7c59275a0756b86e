import fc from "fast-check";
import { expect } from "vitest";
import type { FactorProof } from "../../factors/prove-factor.ts";
import { beginTotpEnrolment, confirmTotpEnrolment, removeTotp } from "../../factors/totp-factor.ts";
import { authenticate } from "../../sessions/authenticate.ts";
import { endOtherSessions, signOut } from "../../sessions/end-sessions.ts";
import { refreshSession } from "../../sessions/refresh-session.ts";
import type { Session } from "../../sessions/session.ts";
import { MINUTE, SECOND } from "../../testing/durations.ts";
import { totpCode } from "../../testing/factor-helpers.ts";
import {
  ADDRESS,
  codeOf,
  OTHER_PASSWORD,
  PASSWORD,
  type TestAccounts,
} from "../../testing/test-accounts.ts";
import { confirmContactChange, requestContactChange } from "../../users/contact-change.ts";
import { freezeAccount, requestThaw, thawAccount } from "../../users/freeze.ts";
import { changePassword } from "../../users/password-change.ts";
import { requestPasswordReset, resetPassword } from "../../users/password-reset.ts";
import { finishSignIn } from "../finish-sign-in.ts";
import { signInWithPassword } from "../password-sign-in.ts";
import { reauthenticate } from "../reauthentication.ts";
import { type Person, type ProofSort, SlowAccounts, type SlowSession } from "./slow-accounts.ts";

const PASSWORDS = [PASSWORD, OTHER_PASSWORD] as const;

const client = { address: ADDRESS };

const ADDRESSES = ["example.com", "new.example"] as const;

const emailOf = (person: Person, address: 0 | 1): string => `${person}@${ADDRESSES[address]}`;

/** What people and thieves may do, one after another. `at` picks one of the sessions or sign-ins there are. */
export type FlowStep =
  | {
      readonly do: "sign_in";
      readonly who: Person;
      readonly right: boolean;
      readonly kind: Session["kind"];
    }
  | { readonly do: "finish"; readonly at: number; readonly proof: ProofSort }
  | {
      readonly do: "reauthenticate";
      readonly at: number;
      readonly right: boolean;
      readonly proof: ProofSort | "none";
    }
  | {
      readonly do:
        | "enrol"
        | "remove"
        | "change_password"
        | "change_email"
        | "sign_out"
        | "end_others"
        | "freeze"
        | "refresh"
        | "refresh_again";
      readonly at: number;
    }
  | { readonly do: "reset"; readonly who: Person }
  | { readonly do: "thaw"; readonly who: Person; readonly proof: ProofSort }
  | { readonly do: "wait"; readonly ms: number };

/** Mostly one person's newest session or sign-in: what happens to it next is what matters. */
const who = fc.constantFrom<Person>("alice", "alice", "alice", "bob");
const at = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(6) });
const proof = fc.constantFrom<ProofSort>(
  "right",
  "right",
  "right",
  "replayed",
  "other_person",
  "nonsense",
  "recovery",
  "used_recovery",
);

const step = (weight: number, arbitrary: fc.Arbitrary<FlowStep>) => ({ weight, arbitrary });

export const flowStep: fc.Arbitrary<FlowStep> = fc.oneof(
  step(
    5,
    fc.record({
      do: fc.constant("sign_in" as const),
      who,
      right: fc.nat(5).map((n) => n > 0),
      kind: fc.constantFrom("browser" as const, "app" as const),
    }),
  ),
  step(5, fc.record({ do: fc.constant("finish" as const), at, proof })),
  step(4, fc.record({ do: fc.constant("enrol" as const), at })),
  step(
    2,
    fc.record({
      do: fc.constant("reauthenticate" as const),
      at,
      right: fc.nat(4).map((n) => n > 0),
      proof: fc.oneof(proof, fc.constant("none" as const)),
    }),
  ),
  step(
    4,
    fc.record({
      do: fc.constantFrom(
        "remove" as const,
        "change_password" as const,
        "change_email" as const,
        "sign_out" as const,
        "end_others" as const,
      ),
      at,
    }),
  ),
  step(1, fc.record({ do: fc.constant("freeze" as const), at })),
  step(
    3,
    fc.record({
      do: fc.constantFrom("refresh" as const, "refresh" as const, "refresh_again" as const),
      at,
    }),
  ),
  step(1, fc.record({ do: fc.constant("reset" as const), who })),
  step(1, fc.record({ do: fc.constant("thaw" as const), who, proof })),
  step(
    5,
    fc.record({
      do: fc.constant("wait" as const),
      ms: fc.constantFrom(30 * SECOND, 30 * SECOND, 9 * MINUTE, 11 * MINUTE, 31 * MINUTE),
    }),
  ),
);

/** Does the same with the real accounts and with the slow ones, and says where they differ. */
export class AccountFlow {
  readonly #accounts: TestAccounts;
  readonly #slow: SlowAccounts;
  readonly #usedCodes: string[] = [];

  private constructor(accounts: TestAccounts) {
    this.#accounts = accounts;
    this.#slow = new SlowAccounts(accounts.time.now);
  }

  static async begin(accounts: TestAccounts): Promise<AccountFlow> {
    const flow = new AccountFlow(accounts);
    for (const person of ["alice", "bob"] as const) {
      await accounts.register(emailOf(person, 0));
      flow.#slow.signUp(person);
    }
    return flow;
  }

  async take(step: FlowStep): Promise<void> {
    if (step.do === "wait") {
      this.#accounts.time.advance(step.ms);
      this.#slow.now = this.#accounts.time.now;
    } else if (step.do === "sign_in") await this.#signIn(step);
    else if (step.do === "finish") await this.#finish(step);
    else if (step.do === "reset") await this.#reset(step.who);
    else if (step.do === "thaw") await this.#thaw(step);
    else await this.#inSession(step);
    await this.#compareLiving();
  }

  /** The law: a session is open if and only if the rules say so, and nobody with a factor is in without having proven one. */
  async #compareLiving(): Promise<void> {
    for (const session of this.#slow.sessions.filter((each) => this.#slow.opens(each))) {
      const answer = await authenticate(this.#accounts, session.token);
      if (!answer.ok) throw new Error(`a session of ${session.user} should be open`);
      this.#slow.used(session);
      expect(answer.session.assurance).toBe(session.assurance);
      if (this.#slow.user(session.user).totp !== undefined) {
        expect(answer.session.assurance).toBe(2);
        expect(answer.session.methods).not.toEqual(["password"]);
      }
    }
  }

  /** Of all that was ever handed out, nothing opens a session but the newest tokens of those that live. */
  async compareAll(): Promise<void> {
    const open = this.#slow.sessions.filter((each) => this.#slow.opens(each));
    const good = new Set(open.map(({ token }) => token));
    for (const token of this.#slow.tokens) {
      expect(codeOf(await authenticate(this.#accounts, token))).toBe(
        good.has(token) ? "ok" : "session_invalid",
      );
    }
  }

  async #signIn({ who: person, right, kind }: FlowStep & { do: "sign_in" }): Promise<void> {
    const { password } = this.#slow.user(person);
    const expected = this.#slow.signIn(person, right);
    const answer = await signInWithPassword(this.#accounts, {
      email: this.#emailOf(person),
      password: PASSWORDS[right ? password : password === 0 ? 1 : 0],
      client,
      kind,
    });
    expect(answer.ok ? answer.status : answer.code).toBe(expected);
    if (!answer.ok) return;
    if (answer.status === "signed_in") this.#slow.started(person, kind, 1, answer.tokens);
    else this.#slow.began(person, answer.challenge);
  }

  async #finish({ at: index, proof: sort }: FlowStep & { do: "finish" }): Promise<void> {
    const challenge = this.#slow.challenges.at(
      -1 - (index % Math.max(1, this.#slow.challenges.length)),
    );
    if (challenge === undefined) return;
    const factor = this.#proofOf(challenge.user, sort);
    const expected = this.#slow.finish(challenge, sort);
    const answer = await finishSignIn(this.#accounts, {
      challenge: challenge.token,
      factor,
      client,
    });
    expect(codeOf(answer)).toBe(expected);
    if (answer.ok) this.#slow.started(challenge.user, answer.session.kind, 2, answer.tokens);
  }

  /** What a client sends; taken before the slow accounts use it up. */
  #proofOf(person: Person, sort: ProofSort): FactorProof {
    const { totp, unusedCodes } = this.#slow.user(person);
    const other = this.#slow.user(person === "alice" ? "bob" : "alice").totp;
    const { now } = this.#slow;
    const totpOf = (secret: string | undefined, time: number): FactorProof => ({
      kind: "totp",
      code: secret === undefined ? "nothing" : totpCode(secret, time),
    });
    if (sort === "recovery") {
      const code = unusedCodes[0] ?? "none";
      this.#usedCodes.push(code);
      return { kind: "recovery_code", code };
    }
    if (sort === "used_recovery")
      return { kind: "recovery_code", code: this.#usedCodes.at(-1) ?? "none" };
    if (sort === "right") return totpOf(totp?.secret, now);
    if (sort === "replayed") return totpOf(totp?.secret, (totp?.lastStep ?? 0) * 30_000);
    return sort === "other_person" ? totpOf(other?.secret, now) : totpOf(undefined, now);
  }

  async #inSession(
    step: Exclude<FlowStep, { do: "wait" | "sign_in" | "finish" | "reset" | "thaw" }>,
  ): Promise<void> {
    const slow = this.#slow.sessions.at(-1 - (step.at % Math.max(1, this.#slow.sessions.length)));
    if (slow === undefined) return;
    if (step.do === "refresh" || step.do === "refresh_again") return this.#refresh(slow, step.do);
    const answer = await authenticate(this.#accounts, slow.token);
    expect(answer.ok).toBe(this.#slow.opens(slow));
    if (!answer.ok) return;
    this.#slow.used(slow);
    const { session } = answer;
    if (step.do === "enrol") await this.#enrol(slow, session);
    else if (step.do === "remove") await this.#remove(slow, session);
    else if (step.do === "change_password") await this.#changePassword(slow, session);
    else if (step.do === "change_email") await this.#changeEmail(slow, session);
    else if (step.do === "reauthenticate") await this.#reauthenticate(slow, session, step);
    else if (step.do === "sign_out") {
      expect(codeOf(await signOut(this.#accounts, session))).toBe("ok");
      slow.ended = true;
    } else if (step.do === "end_others") {
      expect(codeOf(await endOtherSessions(this.#accounts, session))).toBe("ok");
      this.#slow.endAll(slow.user, slow);
    } else {
      expect(codeOf(await freezeAccount(this.#accounts, session))).toBe("ok");
      this.#slow.endAll(slow.user);
      this.#slow.user(slow.user).frozen = true;
    }
  }

  async #enrol(slow: SlowSession, session: Session): Promise<void> {
    const { time } = this.#accounts;
    const begun = await beginTotpEnrolment(this.#accounts, session);
    expect(codeOf(begun)).toBe(this.#slow.change(slow));
    if (!begun.ok) return;
    const proof = { id: begun.id, code: totpCode(begun.secret, time.now) };
    const added = await confirmTotpEnrolment(this.#accounts, session, proof);
    if (!added.ok) throw new Error(added.code);
    const user = this.#slow.user(slow.user);
    user.totp = { secret: begun.secret, lastStep: Math.floor(time.now / 30_000) };
    expect(added.recoveryCodes !== undefined).toBe(user.unusedCodes.length === 0);
    if (added.recoveryCodes !== undefined) user.unusedCodes = [...added.recoveryCodes];
    this.#slow.endAll(slow.user, slow);
    this.#slow.gotTokens(slow, added.tokens);
    slow.assurance = 2;
    slow.authenticatedAt = time.now;
  }

  async #remove(slow: SlowSession, session: Session): Promise<void> {
    const user = this.#slow.user(slow.user);
    const expected = this.#slow.change(slow);
    const answer = await removeTotp(this.#accounts, session);
    expect(codeOf(answer)).toBe(
      expected === "ok" && user.totp === undefined ? "factor_unknown" : expected,
    );
    if (!answer.ok) return;
    user.totp = undefined;
    user.unusedCodes = [];
    this.#slow.endAll(slow.user, slow);
    this.#slow.gotTokens(slow, answer.tokens);
  }

  async #changePassword(slow: SlowSession, session: Session): Promise<void> {
    const user = this.#slow.user(slow.user);
    const next = user.password === 0 ? 1 : 0;
    const answer = await changePassword(this.#accounts, session, PASSWORDS[next]);
    expect(codeOf(answer)).toBe(this.#slow.change(slow));
    if (!answer.ok) return;
    user.password = next;
    this.#slow.endAll(slow.user, slow);
    this.#slow.gotTokens(slow, answer.tokens);
  }

  async #reauthenticate(
    slow: SlowSession,
    session: Session,
    { right, proof: sort }: FlowStep & { do: "reauthenticate" },
  ): Promise<void> {
    const user = this.#slow.user(slow.user);
    const factor = sort === "none" ? undefined : this.#proofOf(slow.user, sort);
    const proven = () =>
      sort === "none" ? user.totp === undefined : this.#slow.prove(slow.user, sort);
    const expected = !right ? "credentials_wrong" : proven() ? "ok" : "factor_wrong";
    const password = right ? PASSWORDS[user.password] : "wrong";
    const answer = await reauthenticate(this.#accounts, session, { password, factor, client });
    expect(codeOf(answer)).toBe(expected);
    if (!answer.ok) return;
    this.#slow.gotTokens(slow, answer.tokens);
    slow.usedRefresh = [];
    slow.assurance = sort === "none" ? 1 : 2;
    slow.authenticatedAt = this.#slow.now;
  }

  async #refresh(slow: SlowSession, how: "refresh" | "refresh_again"): Promise<void> {
    const token = how === "refresh" ? slow.refresh : slow.usedRefresh.at(-1);
    if (token === undefined) return;
    const expected = this.#slow.refresh(slow, token);
    const answer = await refreshSession(this.#accounts, token);
    expect(codeOf(answer)).toBe(expected);
    if (answer.ok) this.#slow.gotTokens(slow, answer.tokens);
  }

  async #reset(person: Person): Promise<void> {
    const user = this.#slow.user(person);
    const known = (await this.#accounts.notices()).length;
    await requestPasswordReset(this.#accounts, { email: this.#emailOf(person), client });
    const told = (await this.#accounts.notices()).length - known;
    expect(told).toBe(user.frozen ? 0 : 1);
    if (told === 0) return;
    const token = await this.#newest("password_reset");
    const next = user.password === 0 ? 1 : 0;
    const answer = await resetPassword(this.#accounts, {
      token,
      password: PASSWORDS[next],
      client,
    });
    expect(codeOf(answer)).toBe("ok");
    user.password = next;
    this.#slow.endAll(person);
  }

  #emailOf(person: Person): string {
    return emailOf(person, this.#slow.user(person).address);
  }

  /** Nothing changes until both sides have confirmed; then every session ends, this one too. */
  async #changeEmail(slow: SlowSession, session: Session): Promise<void> {
    const user = this.#slow.user(slow.user);
    const next = user.address === 0 ? 1 : 0;
    const contact = { field: "email", value: emailOf(slow.user, next) } as const;
    const answer = await requestContactChange(this.#accounts, session, contact);
    expect(codeOf(answer)).toBe(this.#slow.change(slow));
    if (!answer.ok) return;
    const { token: fresh = "" } = (await this.#accounts.notice("contact_change_new")).values;
    const old = await this.#newest("contact_change_old");
    const first = await confirmContactChange(this.#accounts, old);
    expect(first).toMatchObject({ ok: true, changed: false });
    await this.#compareLiving();
    const second = await confirmContactChange(this.#accounts, fresh);
    expect(second).toMatchObject({ ok: true, changed: true });
    user.address = next;
    this.#slow.endAll(slow.user);
  }

  async #thaw({ who: person, proof: sort }: FlowStep & { do: "thaw" }): Promise<void> {
    const user = this.#slow.user(person);
    if (!user.frozen) return;
    await requestThaw(this.#accounts, { email: this.#emailOf(person), client });
    const token = await this.#newest("account_thaw");
    const factor = user.totp === undefined ? undefined : this.#proofOf(person, sort);
    const expected = factor === undefined || this.#slow.prove(person, sort) ? "ok" : "factor_wrong";
    const answer = await thawAccount(this.#accounts, {
      token,
      password: PASSWORDS[user.password],
      factor,
      client,
    });
    expect(codeOf(answer)).toBe(expected);
    if (answer.ok) user.frozen = false;
  }

  /** The token of the newest e-mail of a kind; the outbox is emptied, so that two of one moment aren't confused. */
  async #newest(kind: string): Promise<string> {
    const { token = "" } = (await this.#accounts.notice(kind)).values;
    await this.#accounts.db.deleteFrom("identity_outbox").execute();
    return token;
  }
}
