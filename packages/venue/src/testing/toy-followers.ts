import { type RecordViews, recordLength, recordSecond } from "@pincex/engine";
import type { Projection } from "../projection/projection.ts";
import type { View } from "../views/view.ts";
import { readAdded } from "./toy-machine.ts";

/** Adds up the toy's events, as a view. */
export class ToyView implements View {
  readonly name: string;
  total = 0;
  last = 0;

  constructor(name = "toy") {
    this.name = name;
  }

  apply(events: RecordViews, from: number, to: number): void {
    for (let at = from; at < to; at += recordLength(events, at)) {
      const sequence = events.f64[(at + 8) >> 3] ?? 0;
      if (sequence !== this.last + 1) throw new RangeError(`${sequence} after ${this.last}`);
      this.last = sequence;
      this.total += recordSecond(events, at);
    }
  }

  snapshot(): Uint8Array {
    return new Uint8Array(Float64Array.of(this.total, this.last).buffer);
  }

  restore(bytes: Uint8Array): void {
    [this.total = 0, this.last = 0] = new Float64Array(bytes.slice().buffer);
  }
}

/** What a database would hold: it outlives the venue. Refuses whatever does not follow on what it has. */
export class ToyProjection implements Projection {
  readonly name = "toy-sql";
  amounts: number[] = [];
  /** What the next calls of `apply` do instead; "applied" does it and then fails. */
  faults: ("unreachable" | "applied" | "broken")[] = [];

  async position(): Promise<number> {
    return this.amounts.length;
  }

  async apply(events: Uint8Array, first: number, last: number): Promise<void> {
    const fault = this.faults.shift();
    if (fault === "broken") throw new Error("violates a constraint");
    const unreachable = Object.assign(new Error("connection lost"), { code: "ECONNRESET" });
    if (fault === "unreachable") throw unreachable;
    const added = readAdded(events);
    const sequences = added.map(({ sequence }) => sequence);
    const expected = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    if (String(sequences) !== String(expected) || first !== this.amounts.length + 1) {
      throw new Error(`expected ${this.amounts.length + 1}, was ${first} to ${last}: ${sequences}`);
    }
    this.amounts.push(...added.map(({ amount }) => amount));
    if (fault === "applied") throw unreachable;
  }
}
