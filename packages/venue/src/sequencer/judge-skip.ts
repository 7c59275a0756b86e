import { RecordWriter } from "@pincex/engine";
import { eachCommand } from "../journal/frame-payload.ts";
import type { JournalReader } from "../journal/journal.ts";
import type { SnapshotReader } from "../snapshots/snapshot.ts";
import { CommandReplay } from "./command-replay.ts";
import { LocalViews } from "./followers.ts";
import { restoreNewest } from "./starting-snapshot.ts";
import type { StateMachineKind } from "./state-machine.ts";
import type { VenueOptions } from "./venue.ts";
import { StartRefused } from "./venue-errors.ts";

/** Why a command must not be skipped. */
export type SkipRefusalCode =
  | "command_already_skipped"
  | "command_not_in_journal"
  | "command_not_skippable"
  | "command_replayable"
  | "earlier_command_not_replayable"
  | "projection_has_command";

/** Whether every replay may be told to pass over a command. */
export type SkipJudgement =
  | {
      readonly ok: true;
      /** What the state machine throws at it. */
      readonly error: StartRefused;
    }
  | {
      readonly ok: false;
      readonly code: SkipRefusalCode;
      readonly rule: string;
      /** The command that the rule is about, or the position of the projection. */
      readonly sequence: number;
    };

export interface JudgeSkipOptions extends Pick<VenueOptions, "projections"> {
  readonly snapshots?: SnapshotReader;
  readonly journal: JournalReader;
  /** Of the command. */
  readonly sequence: number;
}

/** `judgeSkip` over any state machine. */
export const judgeSkipOf = async (
  options: JudgeSkipOptions,
  kind: StateMachineKind,
): Promise<SkipJudgement> => {
  const { journal, sequence, projections = [] } = options;
  const head = await journal.head();
  const skipped = (await journal.skipped()).map((command) => command.sequence);
  if (!Number.isSafeInteger(sequence) || sequence < 1 || sequence > head.sequence) {
    const rule = `the journal has the commands from 1 to ${head.sequence}`;
    return { ok: false, code: "command_not_in_journal", rule, sequence: head.sequence };
  }
  if (skipped.includes(sequence)) {
    return { ok: false, code: "command_already_skipped", rule: "it is skipped already", sequence };
  }
  for (const projection of projections) {
    const position = await projection.position();
    if (position < sequence) continue;
    const rule = `the projection ${projection.name} has written what it did, and stands at ${position}: remove that first, it is filled again from the journal`;
    return { ok: false, code: "projection_has_command", rule, sequence: position };
  }
  const error = await firstError(options, kind, skipped);
  if (error === undefined) {
    const rule = "it can be replayed, so there is nothing to skip";
    return { ok: false, code: "command_replayable", rule, sequence };
  }
  if (error.sequence < sequence) {
    const rule = `the replay stops at ${error.sequence} before`;
    return { ok: false, code: "earlier_command_not_replayable", rule, sequence: error.sequence };
  }
  const withoutIt = await firstError(options, kind, [...skipped, sequence]);
  if (withoutIt === undefined) return { ok: true, error };
  const rule = `not even its time can pass: ${withoutIt.message}`;
  return { ok: false, code: "command_not_skippable", rule, sequence };
};

/** What stops a replay up to the command; undefined if nothing does. */
const firstError = async (
  { journal, snapshots, sequence: upTo }: JudgeSkipOptions,
  kind: StateMachineKind,
  skipped: readonly number[],
): Promise<StartRefused | undefined> => {
  const start = { followers: new LocalViews([]), skipped };
  const begun =
    snapshots && (await restoreNewest(snapshots, upTo - 1, start, kind, () => undefined));
  const machine = begun?.machine ?? kind.create();
  const replay = new CommandReplay(kind, machine, skipped);
  const from = (begun?.snapshot.sequence ?? 0) + 1;
  const out = new RecordWriter();
  try {
    for await (const frame of journal.read(from)) {
      out.clear();
      eachCommand(frame, (sequence, time, commands, offset) => {
        if (sequence >= from && sequence <= upTo)
          replay.apply(sequence, time, commands, offset, out);
      });
      if (frame.firstSequence + frame.count > upTo) break;
    }
    return undefined;
  } catch (error) {
    if (error instanceof StartRefused) return error;
    throw error;
  }
};
