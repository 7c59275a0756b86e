import { recordViews } from "@pincex/engine";
import { decodeVenueCommand } from "../../commands/venue-command.ts";
import type { VenueCore } from "../../core/venue-core.ts";
import { readEvents } from "../../events/venue-event.ts";
import { sameBytes } from "../../journal/frame-codec.ts";
import type { Views } from "../../views/views.ts";
import { hold, LawBroken } from "./law-broken.ts";
import type { ReplayedCommand } from "./replayed-journal.ts";
import type { Told } from "./simulated-client.ts";
import { digestsOf, type SimulatedDatabase } from "./simulated-database.ts";

/** Whatever a client was told stands in the journal, word for word. */
export const nothingAcknowledgedIsLost = (
  told: readonly Told[],
  commands: readonly ReplayedCommand[],
): void => {
  for (const { commandId, events, record, sequence, time } of told) {
    const kept = commands[sequence - 1];
    const law = "nothing acknowledged is lost";
    hold(
      law,
      kept !== undefined,
      () =>
        `${commandId} was acknowledged as ${sequence}, and the journal ends with ${commands.length}`,
    );
    const same = kept !== undefined && sameBytes(kept.record, record) && kept.time === time;
    hold(
      law,
      same,
      () => `${commandId} was acknowledged as ${sequence}, and something else stands there`,
    );
    hold(
      "the same commands give the same events",
      sameBytes(kept?.events ?? new Uint8Array(), events),
      () => `the events of ${commandId}, ${sequence}, were others when it was acknowledged`,
    );
  }
};

/** However often a command was sent, it was done once, and every repetition was answered with what it was the first time. */
export const everythingHappensOnce = (commands: readonly ReplayedCommand[]): void => {
  const law = "every command is done exactly once";
  const done = new Map<string, ReplayedCommand>();
  for (const command of commands) {
    const { commandId } = decodeVenueCommand(recordViews(command.record), 0);
    if (commandId === undefined) continue;
    const first = done.get(commandId);
    const happened = [...readEvents(command.events)];
    const repeated = happened.find((event) => event.kind === "repeated");
    if (repeated !== undefined) {
      const same =
        first?.sequence === repeated.originalSequence && first.time === repeated.originalTime;
      hold(
        law,
        same,
        () =>
          `${commandId} is answered with ${repeated.originalSequence}, and was done at ${first?.sequence}`,
      );
      continue;
    }
    if (happened.some((event) => event.kind === "refused")) continue;
    hold(
      law,
      first === undefined,
      () => `${commandId} was done at ${first?.sequence} and at ${command.sequence}`,
    );
    done.set(commandId, command);
  }
};

/** Money is neither made nor lost, and what is held is what open orders need. */
export const theBooksAddUp = (core: VenueCore): void => {
  for (const [asset, sum] of core.books.trialBalance()) {
    hold("every asset adds up to zero", sum === 0n, () => `asset ${asset} adds up to ${sum}`);
  }
  try {
    core.checkInvariants();
  } catch (error) {
    throw new LawBroken("the core's invariants hold", String(error), error);
  }
};

/** The copy of the books in the database is the books. */
export const theDatabaseEqualsTheBooks = (
  { audit, ledger }: SimulatedDatabase,
  core: VenueCore,
  commands: readonly ReplayedCommand[],
): void => {
  const law = "the projection equals the books";
  const head = commands.length;
  hold(
    "every consumer stands at the journal's head",
    ledger.position === head && audit.position === head,
    () =>
      `the ledger is at ${ledger.position}, the audit at ${audit.position}, the journal at ${head}`,
  );
  const entries = core.books.nextEntry - 1;
  hold(law, ledger.entries === entries, () => `it has ${ledger.entries} entries of ${entries}`);
  for (const { account } of core.books.accounts()) {
    const [balance, held] = [core.books.balance(account), core.books.held(account)];
    const shown = [ledger.balances.get(account), ledger.held.get(account)];
    hold(
      law,
      shown[0] === balance && shown[1] === held,
      () =>
        `account ${account} has ${shown.join(", held ")} there and ${balance}, held ${held} in the books`,
    );
  }
  const digests = commands.flatMap(({ events }) => digestsOf(events));
  const differs = digests.findIndex((digest, index) => digest !== audit.digests[index]);
  hold(
    "every consumer hears of each command once, in order",
    differs < 0,
    () => `the audit of command ${differs + 1} differs`,
  );
};

/** Who reads after it was answered sees what is in the books. */
export const theViewsShowTheBooks = (
  views: Views,
  core: VenueCore,
  accounts: readonly number[],
): void => {
  for (const account of accounts) {
    for (const { asset, balance, held } of views.balances(account)) {
      const number = core.books.accountOf(String(account), asset, "customer");
      const same = core.books.balance(number) === balance && core.books.held(number) === held;
      hold(
        "views show the books",
        same,
        () => `account ${account} is shown ${balance}, held ${held} of asset ${asset}`,
      );
    }
  }
};
