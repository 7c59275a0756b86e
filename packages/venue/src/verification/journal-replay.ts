import { RecordWriter } from "@pincex/engine";
import { VenueCore } from "../core/venue-core.ts";
import { eachCommand } from "../journal/frame-payload.ts";
import type { JournalReader, StoredFrame } from "../journal/journal.ts";
import { JournalDamaged } from "../journal/journal-errors.ts";
import { CommandReplay } from "../sequencer/command-replay.ts";
import { nextTurn } from "../sequencer/turn.ts";
import { StartRefused } from "../sequencer/venue-errors.ts";
import { venueMachine } from "../sequencer/venue-machine.ts";
import { balancesOf, type ReplayedBalance } from "./balance-comparison.ts";
import { type MoneyEvent, moneyEvents } from "./money-events.ts";
import type { VenueFinding } from "./venue-check.ts";

const TURN_MS = 50;

export interface JournalReplayOptions {
  readonly journal: JournalReader;
  readonly skipped: readonly number[];
  /** Where the balances are wanted; 0 for nowhere. */
  readonly balancesAt: number;
  /** Where the state's hash is wanted. */
  readonly hashesAt: ReadonlySet<number>;
  readonly onMoney: (event: MoneyEvent) => Promise<void>;
  /** Hears all that a frame's commands did. The bytes are the replay's own. */
  readonly onEvents: (events: Uint8Array) => Promise<void>;
  readonly onProgress: (sequence: number) => void;
}

/** The state after a command, and the frame that ends with it; undefined if none does. */
export interface StateThen {
  readonly stateHash: string;
  readonly journalHash: Uint8Array | undefined;
}

/** A journal that is replayed from its first command, and what is remembered on the way. */
export class JournalReplay {
  readonly core: VenueCore = new VenueCore();
  readonly states: Map<number, StateThen> = new Map();
  /** Undefined until the replay has come that far. */
  balances: readonly ReplayedBalance[] | undefined;
  frames = 0;
  /** Of the last frame that was read. */
  lastSequence = 0;
  lastHash: Uint8Array = new Uint8Array();
  /** What is wrong with the journal; undefined if it was read to its head. */
  journalFault: VenueFinding | undefined;
  /** The command that couldn't be applied; undefined if all were. */
  commandFault: VenueFinding | undefined;
  readonly #options: JournalReplayOptions;
  readonly #commands: CommandReplay;
  readonly #events = new RecordWriter(1 << 16);
  #turnEnds: number = performance.now() + TURN_MS;

  constructor(options: JournalReplayOptions) {
    this.#options = options;
    this.#commands = new CommandReplay(venueMachine, this.core, options.skipped);
  }

  async run(): Promise<void> {
    const { journal, balancesAt } = this.#options;
    if (balancesAt === 0) this.balances = [];
    try {
      for await (const frame of journal.read(1)) {
        this.#count(frame);
        if (this.commandFault === undefined) await this.#replay(frame);
        if (performance.now() >= this.#turnEnds) await this.#turn();
      }
    } catch (error) {
      if (!(error instanceof JournalDamaged || error instanceof RangeError)) throw error;
      const where = `after sequence ${this.lastSequence}`;
      this.journalFault = { where, finding: error.message };
    }
  }

  async #replay(frame: StoredFrame): Promise<void> {
    this.#apply(frame);
    const { onEvents, onMoney } = this.#options;
    for (const event of moneyEvents(this.#events)) await onMoney(event);
    await onEvents(this.#events.views.bytes.subarray(0, this.#events.length));
  }

  async #turn(): Promise<void> {
    this.#options.onProgress(this.lastSequence);
    await new Promise<void>((resolve) => nextTurn(resolve));
    this.#turnEnds = performance.now() + TURN_MS;
  }

  #count(frame: StoredFrame): void {
    if (frame.firstSequence !== this.lastSequence + 1) {
      throw new RangeError(
        `sequence ${this.lastSequence + 1} is needed and the journal goes on with ${frame.firstSequence}: are its older segments elsewhere?`,
      );
    }
    this.frames += 1;
    this.lastSequence = frame.firstSequence + frame.count - 1;
    this.lastHash = frame.hash;
  }

  /** After a command that can't be applied, nothing is: the frames that follow are only read. */
  #apply(frame: StoredFrame): void {
    this.#events.clear();
    try {
      eachCommand(frame, (sequence, time, commands, offset) => {
        this.#commands.apply(sequence, time, commands, offset, this.#events);
        this.#remember(sequence, sequence === this.lastSequence ? frame.hash : undefined);
      });
    } catch (error) {
      if (!(error instanceof StartRefused)) throw error;
      this.commandFault = { where: `sequence ${error.sequence}`, finding: String(error.cause) };
    }
  }

  #remember(sequence: number, journalHash: Uint8Array | undefined): void {
    const { balancesAt, hashesAt } = this.#options;
    if (sequence === balancesAt) this.balances = balancesOf(this.core.books);
    if (!hashesAt.has(sequence)) return;
    this.states.set(sequence, { stateHash: this.core.stateHash(), journalHash });
  }
}
