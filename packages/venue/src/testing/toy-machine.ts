import {
  type RecordViews,
  RecordWriter,
  recordKind,
  recordLength,
  recordSecond,
  recordViews,
  writeHeader,
} from "@pincex/engine";
import type { StateMachine, StateMachineKind } from "../sequencer/state-machine.ts";

/** Kinds of the toy's records: `add` and `wake` are its commands, `added` its event. */
const Toy = { add: 200, bomb: 201, added: 202, wake: 203 } as const;

/** Adds up what it is told, mixed with sequence and time so that every difference in either shows in its hash. */
class ToyMachine implements StateMachine {
  total = 0;
  rules = 1;
  /** A law of its own: the total is never this. */
  forbidden = Number.NaN;
  fingerprint = 1;
  sequence = 0;
  /** What a `wake` has said, until a command comes at that time. */
  nextDue: number = Number.POSITIVE_INFINITY;

  apply(
    sequence: number,
    time: number,
    commands: RecordViews,
    offset: number,
    out: RecordWriter,
  ): void {
    if (sequence !== this.sequence + 1) throw new RangeError(`${sequence} after ${this.sequence}`);
    this.sequence = sequence;
    const amount = recordSecond(commands, offset);
    if (recordKind(commands, offset) === Toy.bomb) throw new RangeError("the toy broke");
    if (time >= this.nextDue) this.nextDue = Number.POSITIVE_INFINITY;
    if (recordKind(commands, offset) === Toy.wake) this.nextDue = amount;
    else this.total += amount;
    for (const part of [sequence, time % 1_000_003, amount]) {
      this.fingerprint = (Math.imul(this.fingerprint, 31) + part) >>> 0;
    }
    const at = out.reserve(32);
    writeHeader(out.views, at, Toy.added, 1, 32, amount);
    out.views.f64.set([sequence, time, this.total], (at + 8) >> 3);
  }

  checkNext(): void {
    if (this.total === this.forbidden) throw new RangeError("the toy's total is forbidden");
  }

  snapshot(): Uint8Array {
    const numbers = Float64Array.of(this.total, this.fingerprint, this.sequence, this.nextDue);
    return new Uint8Array(numbers.buffer);
  }

  stateHash(): string {
    return `${this.sequence}:${this.total}:${this.fingerprint}`;
  }
}

export const toyMachine: StateMachineKind = {
  get timeCommand() {
    return add(1);
  },
  create: () => new ToyMachine(),
  restore: (snapshot) => {
    const machine = new ToyMachine();
    const [total = 0, fingerprint = 0, sequence = 0, nextDue = 0] = recordViews(snapshot).f64;
    return Object.assign(machine, { total, fingerprint, sequence, nextDue });
  },
  assertCommand: (commands, offset) => {
    const kind = recordKind(commands, offset);
    if (kind !== Toy.add && kind !== Toy.bomb && kind !== Toy.wake)
      throw new RangeError(`unknown kind ${kind}`);
  },
};

/** The command that adds an amount, with as many bytes behind it as wanted. */
export const add = (amount: number, length = 16): Uint8Array => {
  const views = recordViews(length);
  views.bytes.fill(0x5a);
  writeHeader(views, 0, Toy.add, 1, length, amount);
  return views.bytes;
};

/** The command after which the machine waits for a time. */
export const wakeAt = (time: number): Uint8Array => {
  const views = recordViews(16);
  writeHeader(views, 0, Toy.wake, 1, 16, time);
  return views.bytes;
};

/** A command that passes for one and makes the machine throw. */
export const bomb = (): Uint8Array => {
  const views = recordViews(16);
  writeHeader(views, 0, Toy.bomb, 1, 16, 0);
  return views.bytes;
};

/** What the toy's events say. */
export interface Added {
  readonly sequence: number;
  readonly time: number;
  readonly amount: number;
  readonly total: number;
}

export const readAdded = (events: Uint8Array): Added[] => {
  const views = recordViews(events);
  const added: Added[] = [];
  for (let at = 0; at < events.length; at += recordLength(views, at)) {
    const [sequence = 0, time = 0, total = 0] = views.f64.subarray((at + 8) >> 3, (at + 32) >> 3);
    added.push({ sequence, time, amount: recordSecond(views, at), total });
  }
  return added;
};

/** A frame's payload of toy commands, all at one time. */
export const toyPayload = (amounts: readonly number[], time = 1_000): Uint8Array => {
  const writer = new RecordWriter();
  for (const amount of amounts) {
    const command = recordViews(add(amount));
    writer.views.f64[writer.reserve(8) >> 3] = time;
    writer.append(command, 0, command.bytes.length);
  }
  return writer.finished();
};
