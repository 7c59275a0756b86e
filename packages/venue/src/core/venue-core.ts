import {
  Engine,
  type RecordViews,
  type RecordWriter,
  recordKind,
  recordLength,
  recordViews,
  TimeInForce,
} from "@pincex/engine";
import { Books } from "@pincex/ledger";
import {
  commandAccount,
  commandIdLength,
  commandIdOffset,
  VenueCommandKind,
} from "../commands/command-record.ts";
import { mayAskForTime } from "../commands/order-command.ts";
import { placedTimeInForce } from "../commands/place-order.ts";
import {
  assertVenueCommand,
  decodeVenueCommand,
  type VenueCommand,
} from "../commands/venue-command.ts";
import { writeApplied } from "../events/applied.ts";
import { writeRefused, writeRefusedWithAmounts } from "../events/refused.ts";
import { writeRepeated } from "../events/repeated.ts";
import { FieldWriter } from "../record/field-writer.ts";
import { FieldReader } from "../record/fields.ts";
import { setAccountStatus, setAccountTier } from "./account-change.ts";
import { type CommandRefusal, refused } from "./command-refusal.ts";
import { checkInvariants } from "./core-invariants.ts";
import { creditDeposit } from "./deposit.ts";
import { fingerprint, fingerprintOf } from "./fingerprint.ts";
import { changeMarket } from "./market-change.ts";
import { OrderDesk } from "./order-desk.ts";
import { addAsset, listMarket, openAccount, setFees } from "./registration.ts";
import { type CommandId, isCommandId, Speaker } from "./remembered-commands.ts";
import { raiseRules } from "./rule-change.ts";
import { RunningCheck } from "./running-check.ts";
import { bustTrade } from "./trade-bust.ts";
import { transfer } from "./transfer.ts";
import { VenueState } from "./venue-state.ts";
import { holdWithdrawal, releaseWithdrawal, settleWithdrawal } from "./withdrawing.ts";

const SNAPSHOT_VERSION = 3;

/**
 * The pure state machine at the heart of a venue: registries, order books, the ledger's books, holds and fees.
 *
 * It has no clock and no randomness: the same commands with the same times give the same events, byte for byte, and the
 * same state. A refused command changes nothing but `sequence` and time; what has fallen due by its time happens all the same.
 *
 * @example
 * ```ts
 * const core = new VenueCore();
 * const out = new RecordWriter();
 * const command = encodeVenueCommand({ kind: "open_account", account: 1, name: "ada" });
 * core.apply(1, Date.now(), recordViews(command), 0, out);
 * [...readEvents(out.finished())]; // applied, account_opened
 * ```
 */
export class VenueCore {
  readonly #state: VenueState;
  readonly #desk: OrderDesk;
  readonly #engine: Engine;
  readonly #check: RunningCheck;
  #sequence = 0;
  #time = 0;

  /** A venue without assets, markets and accounts; or, for `restore`, with those of a snapshot. */
  constructor(restored?: { readonly state: VenueState; readonly engine: Uint8Array }) {
    this.#state = restored?.state ?? new VenueState();
    this.#desk = new OrderDesk(this.#state);
    const options = { handler: this.#desk, admission: this.#desk };
    this.#engine = restored ? Engine.restore(restored.engine, options) : new Engine(options);
    this.#check = new RunningCheck(this.#state, this.#engine);
  }

  /** The number of the last command that was applied; 0 for none. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Its time, in milliseconds since 1970-01-01 UTC. */
  get time(): number {
    return this.#time;
  }

  /**
   * The time at which something falls due, a `gtd` order's end or a dead-man's switch: a `time` command then, or any command
   * after it, makes it happen. `Infinity` if nothing does.
   */
  get nextDue(): number {
    return this.#engine.nextDue;
  }

  /** The number of the rules by which commands are done: `raise_rules` raises it. */
  get rules(): number {
    return this.#state.rules;
  }

  /** The order books, to read from. Changing them past the core breaks its invariants. */
  get engine(): Engine {
    return this.#engine;
  }

  /** Accounts, balances and holds, to read from. Changing them past the core breaks its invariants. */
  get books(): Books {
    return this.#state.books;
  }

  /**
   * Applies the command at `offset`, and appends to `out` an `applied` event, what has fallen due by its time, and what the
   * command did.
   *
   * Sequence numbers follow one another, and time never goes back. What isn't so, or no command at all, throws a
   * `RangeError` before any change. An `InvariantViolation` leaves the core unusable: recover it from the journal.
   */
  apply(
    sequence: number,
    time: number,
    command: RecordViews,
    offset: number,
    out: RecordWriter,
  ): void {
    if (sequence !== this.#sequence + 1) {
      throw new RangeError(`expected command ${this.#sequence + 1} next, was ${sequence}`);
    }
    if (!Number.isSafeInteger(time) || time < this.#time) {
      throw new RangeError(`expected whole milliseconds from ${this.#time} on, was ${time}`);
    }
    assertVenueCommand(command, offset);

    writeApplied(out, sequence, time, recordKind(command, offset));
    this.#desk.begin(time, out);
    this.#sequence = sequence;
    this.#time = time;
    if (this.#engine.nextDue <= time || needsTime(command, offset)) this.#passTime(out);
    const idLength = commandIdLength(command, offset);
    const refusal =
      idLength === 0
        ? this.#act(command, offset, out)
        : this.#actOnce(command, offset, idLength, out);
    if (refusal !== undefined) tellRefusal(out, refusal);
  }

  /** The whole state in a versioned form; `restore` continues from it as if nothing had been. */
  snapshot(): Uint8Array {
    const writer = new FieldWriter();
    writer.row(SNAPSHOT_VERSION, this.#sequence, this.#time);
    writer.bytes(this.#engine.snapshot());
    writer.bytes(this.#state.books.snapshot());
    this.#state.write(writer);
    return writer.finished();
  }

  /** Throws a `RangeError` for bytes that are no snapshot. */
  static restore(bytes: Uint8Array): VenueCore {
    const reader = new FieldReader(recordViews(bytes), 0, bytes.length);
    const version = reader.number();
    if (version !== SNAPSHOT_VERSION) {
      throw new RangeError(`expected core snapshot version ${SNAPSHOT_VERSION}, was ${version}`);
    }
    const sequence = reader.number();
    const time = reader.number();
    const engine = reader.bytes();
    const books = Books.restore(reader.bytes());
    const core = new VenueCore({ state: VenueState.read(reader, books), engine });
    reader.finish();
    core.#sequence = sequence;
    core.#time = time;
    return core;
  }

  /** Equal where states are equal. `sequence` and `time` are not part of it, but what time the engine was told last is. */
  stateHash(): string {
    const writer = new FieldWriter();
    writer.row(this.#engine.stateHash(), this.#state.books.stateHash());
    this.#state.write(writer);
    return fingerprint(writer.finished());
  }

  /**
   * Throws an `InvariantViolation` unless every asset adds up to zero, no balance is below its floor, every hold is what
   * its open order needs, and no book is crossed. Reads the whole state.
   */
  checkInvariants(): void {
    checkInvariants(this.#state, this.#engine);
  }

  /**
   * Checks the same of some orders, balances and markets, others each time. A sequencer asks for it again and again while the
   * venue runs.
   */
  checkNext(): void {
    this.#check.next();
  }

  /** What is due happens before the command, which then is judged by its own time. */
  #passTime(out: RecordWriter): void {
    if (this.#engine.time === this.#time) return;
    this.#engine.advanceTime(this.#time);
    this.#desk.begin(this.#time, out);
  }

  #act(command: RecordViews, offset: number, out: RecordWriter): CommandRefusal | undefined {
    switch (recordKind(command, offset)) {
      case VenueCommandKind.placeOrder:
        return this.#desk.place(this.#engine, command, offset);
      case VenueCommandKind.cancelOrder:
        return this.#desk.cancel(this.#engine, command, offset);
      case VenueCommandKind.orderCommand:
        return this.#desk.order(this.#engine, command, offset);
      case VenueCommandKind.marketCommand:
        return changeMarket(this.#state, this.#engine, this.#desk, { command, offset, out });
      default:
        return this.#operate(decodeVenueCommand(command, offset), out);
    }
  }

  #operate(command: VenueCommand, out: RecordWriter): CommandRefusal | undefined {
    switch (command.kind) {
      case "add_asset":
        return addAsset(this.#state, command, out);
      case "list_market":
        return listMarket(this.#state, this.#engine, command, () => this.#desk.refusal, out);
      case "open_account":
        return openAccount(this.#state, command, out);
      case "set_fees":
        return setFees(this.#state, command, out);
      case "credit_deposit":
        return creditDeposit(this.#state, command, this.#time, out);
      case "set_account_status":
        return setAccountStatus(this.#state, this.#engine, command, out);
      case "set_account_tier":
        return setAccountTier(this.#state, command, out);
      case "hold_withdrawal":
        return holdWithdrawal(this.#state, command, this.#sequence, out);
      case "settle_withdrawal":
        return settleWithdrawal(this.#state, command, this.#time, out);
      case "release_withdrawal":
        return releaseWithdrawal(this.#state, command, out);
      case "transfer":
        return transfer(this.#state, command, this.#time, out);
      case "bust_trade":
        return bustTrade(this.#state, command, this.#time, out);
      case "raise_rules":
        return raiseRules(this.#state, command, out);
      default:
        return undefined;
    }
  }

  /** Does a command with an id once: again, it is answered with what it was then. */
  #actOnce(
    command: RecordViews,
    offset: number,
    idLength: number,
    out: RecordWriter,
  ): CommandRefusal | undefined {
    const id: CommandId = {
      account: commandAccount(command, offset),
      speaker: isOwnCommand(recordKind(command, offset)) ? Speaker.account : Speaker.operator,
      views: command,
      offset: commandIdOffset(command, offset),
      length: idLength,
    };
    if (!isCommandId(id)) return refused("command_id_malformed");
    const body = fingerprintOf(command.bytes, offset, recordLength(command, offset));
    const known = this.#state.remembered.find(id, body, this.#time);
    if (known?.sameBody === false) return refused("command_id_conflict");
    if (known !== undefined) {
      writeRepeated(out, known.sequence, known.time, known.orderId);
      return undefined;
    }

    const refusal = this.#act(command, offset, out);
    if (refusal === undefined) {
      const done = { sequence: this.#sequence, time: this.#time, orderId: this.#desk.orderId };
      this.#state.remembered.add(id, body, done);
    }
    return refusal;
  }
}

const isOwnCommand = (kind: number): boolean =>
  kind === VenueCommandKind.placeOrder ||
  kind === VenueCommandKind.cancelOrder ||
  kind === VenueCommandKind.orderCommand;

/** Whether the command may set a time, which is judged by what time it is. */
const needsTime = (command: RecordViews, offset: number): boolean => {
  switch (recordKind(command, offset)) {
    case VenueCommandKind.placeOrder:
      return placedTimeInForce(command, offset) === TimeInForce.gtd;
    case VenueCommandKind.orderCommand:
      return mayAskForTime(command, offset);
    default:
      return recordKind(command, offset) === VenueCommandKind.time;
  }
};

const tellRefusal = (out: RecordWriter, { number, amounts }: CommandRefusal): void => {
  if (amounts === undefined) writeRefused(out, number);
  else writeRefusedWithAmounts(out, number, amounts.needed, amounts.available);
};
