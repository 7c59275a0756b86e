/** Too many commands are waiting. Nothing was done: send it again after `retryAfterMs`. */
export class VenueOverloaded extends Error {
  override readonly name = "VenueOverloaded";
  readonly code = "venue_overloaded";
  readonly retryAfterMs: number;

  constructor(waitingFor: string, retryAfterMs: number) {
    super(`too many commands wait for ${waitingFor}: try again in ${retryAfterMs} ms`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The venue takes no commands any more. This one was not done. */
export class VenueStopped extends Error {
  override readonly name = "VenueStopped";
  readonly code = "venue_stopped";

  constructor(cause?: unknown) {
    super(
      cause === undefined ? "the venue was stopped" : `the venue had to stop: ${String(cause)}`,
      { cause },
    );
  }
}

/**
 * The venue had to stop while the command was being journaled: nobody knows yet whether it was done. The journal does,
 * once it is opened again; a command with a `commandId` can be sent again without being done twice.
 */
export class OutcomeUnknown extends Error {
  override readonly name = "OutcomeUnknown";
  readonly code = "outcome_unknown";

  constructor(cause: unknown) {
    super(`the venue stopped before it knew the outcome: ${String(cause)}`, { cause });
  }
}

/** Why a venue does not start. */
export type StartRefusalCode =
  | "command_not_replayable"
  | "journal_incomplete"
  | "projection_ahead_of_journal"
  | "snapshot_ahead_of_journal"
  | "snapshot_of_another_journal"
  | "view_not_restorable";

/**
 * What was found does not fit together, and going on would make up or lose something. Nothing was changed; a person has
 * to look.
 */
export class StartRefused extends Error {
  override readonly name = "StartRefused";
  readonly code: StartRefusalCode;
  /** The command or position that it is about. */
  readonly sequence: number;

  constructor(code: StartRefusalCode, sequence: number, finding: string, cause?: unknown) {
    super(`${code}: ${finding}`, { cause });
    this.code = code;
    this.sequence = sequence;
  }
}
