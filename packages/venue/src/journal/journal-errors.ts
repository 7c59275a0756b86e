import type { Frame, JournalHead } from "./journal.ts";

/** An append was refused because the journal's head is not the one its writer believed in. Nothing was written. */
export class JournalHeadMoved extends Error {
  override readonly name = "JournalHeadMoved";
  readonly code = "journal_head_moved";

  constructor(
    frame: Pick<Frame, "epoch" | "firstSequence">,
    head: Pick<JournalHead, "epoch" | "sequence">,
  ) {
    super(
      `expected the journal's head at epoch ${frame.epoch}, sequence ${frame.firstSequence - 1}, was at epoch ${head.epoch}, sequence ${head.sequence}`,
    );
  }
}

/** What stands in the journal is not what was once written. Nothing was changed; restore from a copy. */
export class JournalDamaged extends Error {
  override readonly name = "JournalDamaged";
  readonly code = "journal_damaged";
  /** The file, or whatever the journal calls its parts. */
  readonly file: string;
  /** Where the damaged frame begins, in bytes. */
  readonly offset: number;

  constructor(file: string, offset: number, finding: string) {
    super(`the journal is damaged: ${file} at byte ${offset}: ${finding}`);
    this.file = file;
    this.offset = offset;
  }
}

/**
 * An append failed, or nobody knows whether it did, so this journal takes no more. It is never tried again: after a failed
 * `fsync` the operating system may have dropped the data, and a second one would succeed without it.
 */
export class JournalDead extends Error {
  override readonly name = "JournalDead";
  readonly code = "journal_dead";

  constructor(cause: unknown) {
    super(`the journal takes no more: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** Another process has the journal open for writing. */
export class JournalLocked extends Error {
  override readonly name = "JournalLocked";
  readonly code = "journal_locked";
  /** The process that has it. */
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(`the journal in ${directory} is locked by process ${pid}`);
    this.pid = pid;
  }
}
