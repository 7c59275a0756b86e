import type { IdentityContext } from "../identity-context.ts";
import type { IdentityDatabase } from "../identity-database.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Operation } from "../operation.ts";
import type { Refused } from "../refusal.ts";
import { timestampOf } from "../schema/time-column.ts";
import { setSecurityHold } from "../security-holds/security-hold.ts";
import { type ActingSession, consumeElevation } from "../step-up/step-up.ts";
import type { StepUpRefusalCode } from "../step-up/step-up-refusal.ts";
import { PHRASE_FIELD, readPhrase } from "./read-phrase.ts";

const PHRASE_RULE =
  "A phrase has 4 to 40 letters, digits, marks and single spaces, and no space at its ends.";

/** Nothing that a message could take for a tag, a link or an address. */
const PHRASE = /^[\p{L}\p{M}\p{N}.!?'-]+( [\p{L}\p{M}\p{N}.!?'-]+)*$/u;

const isPhrase = (phrase: string): boolean =>
  phrase.length >= 4 && phrase.length <= 40 && PHRASE.test(phrase);

/** What a user confirms before their phrase is another. */
export const phraseChange = (phrase: string): Operation => ({
  type: "anti_phishing_phrase_change",
  phrase,
});

/**
 * Chooses the phrase that stands in every message of ours, with a step-up of `phraseChange`. Replacing one holds withdrawals: whoever
 * knows the new phrase can write messages that the user believes.
 *
 * @example
 * const changed = await changePhrase(context, { session, elevation, phrase: "seven green herons" });
 */
export const changePhrase = (
  context: IdentityContext,
  {
    session,
    elevation,
    phrase,
  }: {
    readonly session: ActingSession;
    readonly elevation: string;
    readonly phrase: string;
  },
): Promise<{ readonly ok: true } | Refused<"phrase_malformed" | StepUpRefusalCode>> =>
  inTransaction(context, async (transaction) => {
    if (!isPhrase(phrase)) {
      return { ok: false, code: "phrase_malformed", field: "phrase", rule: PHRASE_RULE };
    }
    const operation = phraseChange(phrase);
    const used = await consumeElevation(context, transaction, { session, elevation, operation });
    if (!used.ok) return used;
    const { user } = session;
    const before = await readPhrase(context, transaction, user);
    await writePhrase(context, transaction, user, phrase);
    if (before !== undefined) {
      await setSecurityHold(context, transaction, user, "anti_phishing_phrase_changed");
    }
    await context.audit.record(transaction, {
      actor: user,
      action: "anti_phishing_phrase.changed",
      subject: user,
      outcome: "done",
    });
    return { ok: true };
  });

const writePhrase = async (
  { clock, personalData }: IdentityContext,
  db: IdentityDatabase,
  user: string,
  phrase: string,
): Promise<void> => {
  const change = {
    phrase: await personalData.seal(db, { subject: user, field: PHRASE_FIELD }, phrase),
    changed_at: timestampOf(clock()),
  };
  await db
    .insertInto("identity_anti_phishing_phrase")
    .values({ user_id: user, ...change })
    .onConflict((conflict) => conflict.column("user_id").doUpdateSet(change))
    .execute();
};
