import type { Projection } from "../projection/projection.ts";
import { deliveryOf } from "./delivery.ts";
import type { Delivery, EventBatch, EventBus } from "./event-bus.ts";
import { assertKeepCommands, COMMANDS_KEPT } from "./retention.ts";

export interface MemoryBusOptions {
  /** Of how many commands the events are kept, at least. 250,000 unless told, which is some 100 MB. */
  readonly keepCommands?: number;
}

/** A bus within one process, and what the venue publishes to. */
export interface MemoryBus extends EventBus, Projection {}

/**
 * A bus for consumers in the venue's own process. It forgets everything when the process ends: a start publishes again what
 * follows on its snapshot.
 *
 * @example
 * const bus = memoryBus();
 * const venue = await openVenue({ journal: memoryJournal(), projections: [bus], clock: Date.now });
 * const consumption = await consume({ bus, projection });
 */
export const memoryBus = (options: MemoryBusOptions = {}): MemoryBus => new KeptBatches(options);

class KeptBatches implements MemoryBus {
  readonly name = "bus";
  readonly toleratesGaps = true;
  readonly #keepCommands: number;
  #batches: EventBatch[] = [];
  #head = 0;
  readonly #waiting: Set<() => void> = new Set();

  constructor({ keepCommands = COMMANDS_KEPT }: MemoryBusOptions) {
    assertKeepCommands(keepCommands);
    this.#keepCommands = keepCommands;
  }

  async position(): Promise<number> {
    return this.#head;
  }

  async head(): Promise<number> {
    return this.#head;
  }

  async apply(events: Uint8Array, first: number, last: number): Promise<void> {
    if (last <= this.#head) return;
    this.#batches.push({ first, last, events });
    this.#head = last;
    this.#trim();
    for (const wake of this.#waiting) wake();
  }

  async *follow(position: number, signal: AbortSignal): AsyncGenerator<Delivery> {
    let at = position;
    while (!signal.aborted) {
      const batch = this.#batches[this.#indexAfter(at)];
      if (batch === undefined) {
        await this.#more(signal);
        continue;
      }
      const delivery = deliveryOf(batch, at);
      yield delivery;
      if (delivery.kind === "resync") return;
      at = delivery.last;
    }
  }

  /** Where the first batch stands whose last command comes after `position`. */
  #indexAfter(position: number): number {
    let from = 0;
    let to = this.#batches.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#batches[middle]?.last ?? 0) > position) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  /** Many at once, because each time moves all that stay. */
  #trim(): void {
    const [oldest] = this.#batches;
    const kept = this.#head - this.#keepCommands;
    if (oldest === undefined || oldest.last > kept - this.#keepCommands / 8) return;
    this.#batches = this.#batches.slice(this.#indexAfter(kept));
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }
}
