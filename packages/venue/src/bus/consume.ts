import type { Projection } from "../projection/projection.ts";
import { ProjectionFeed } from "../sequencer/projection-feed.ts";
import type { VenueNotice } from "../sequencer/venue.ts";
import { ConsumerBehind } from "./consumer-behind.ts";
import type { EventBus } from "./event-bus.ts";

// What a consumer may have waiting: enough for its next transaction while it does one.
const QUEUE_BYTES = 4 << 20;

export interface ConsumeOptions {
  readonly bus: EventBus;
  /** What is led: it keeps its position together with what it makes of the events. */
  readonly projection: Projection;
  /** Hears each time the consumer's database can't be reached. */
  readonly onNotice?: (notice: VenueNotice) => void;
}

/** A consumer that is being led along a bus. */
export interface Consumption {
  /** Sequence number of the last command whose effect the consumer has written. */
  readonly position: number;
  /** Resolves when the consumer has written everything up to a command. Rejects if it ended before. */
  reached(sequence: number): Promise<void>;
  /** Lets the consumer write what it was handed, if it can be reached, and hands it no more. Safe to call again. */
  stop(): Promise<void>;
  /**
   * Resolves when the consumer is handed no more: with nothing after `stop`, with `ConsumerBehind` if the bus has no more what
   * it lacks, otherwise with what it threw.
   */
  readonly stopped: Promise<Error | undefined>;
}

/**
 * Leads a projection along a bus, from where it stands: the SQL copy in a process of its own, an audit trail, notifications.
 * While its database can't be reached, it is waited for, and so is a consumer that is slow: the bus holds what it lacks, as
 * long as it keeps it.
 *
 * Rejects with what `projection.position()` rejects with.
 *
 * @example
 * const consumption = await consume({ bus, projection: venueProjection(db) });
 * await consumption.reached(await bus.head());
 * await consumption.stop();
 */
export const consume = async (options: ConsumeOptions): Promise<Consumption> => {
  const position = await options.projection.position();
  return new LedConsumer(options, position);
};

class LedConsumer implements Consumption {
  readonly stopped: Promise<Error | undefined>;
  readonly #feed: ProjectionFeed;
  readonly #stopping = new AbortController();

  constructor({ bus, projection, onNotice = () => undefined }: ConsumeOptions, position: number) {
    let failure: Error | undefined;
    const onFailure = (error: Error): void => {
      failure = error;
      this.#stopping.abort();
    };
    this.#feed = new ProjectionFeed({ projection, position, onFailure, onNotice });
    this.stopped = this.#lead(bus).then(
      (end) => failure ?? end,
      (error: Error) => failure ?? error,
    );
  }

  get position(): number {
    return this.#feed.position;
  }

  async reached(sequence: number): Promise<void> {
    const ended = this.stopped.then((error) => {
      // What it was handed before is still written, so it may have got there.
      if (this.#feed.position >= sequence) return;
      throw error ?? new Error(`${this.#feed.name} was stopped at ${this.#feed.position}`);
    });
    await Promise.race([this.#feed.reached(sequence), ended]);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.stopped;
  }

  async #lead(bus: EventBus): Promise<Error | undefined> {
    const { signal } = this.#stopping;
    try {
      for await (const delivery of bus.follow(this.#feed.position, signal)) {
        if (delivery.kind === "resync") {
          return new ConsumerBehind(this.#feed.name, delivery.first, delivery.last);
        }
        this.#feed.push(delivery.events, delivery.last);
        await this.#feed.room(QUEUE_BYTES);
      }
      return undefined;
    } finally {
      await this.#feed.end();
    }
  }
}
