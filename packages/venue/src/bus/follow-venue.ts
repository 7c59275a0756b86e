import { recordViews } from "@pincex/engine";
import type { View } from "../views/view.ts";
import { ConsumerBehind } from "./consumer-behind.ts";
import type { EventBus } from "./event-bus.ts";
import type { ViewSnapshots } from "./view-snapshots.ts";

export interface FollowOptions {
  readonly bus: EventBus;
  /** Follow in memory. Fresh ones: the start fills them. */
  readonly views: readonly View[];
  /** Where the views begin. Without it they begin before the venue's first command, which the bus must then still have. */
  readonly snapshots?: ViewSnapshots;
}

/** Views that follow a venue from outside its process. */
export interface Follower {
  /** Sequence number of the last command that the views have followed. */
  readonly sequence: number;
  /** Resolves when the views have followed a command. Rejects if they followed no more before. */
  reached(sequence: number): Promise<void>;
  /** Lets the views be as they are. Safe to call again. */
  stop(): Promise<void>;
  /**
   * Resolves when the views follow no more: with nothing after `stop`, otherwise with the reason. After `ConsumerBehind`,
   * whoever was told of changes has missed some: say goodbye to them, and begin again with fresh views.
   */
  readonly stopped: Promise<Error | undefined>;
}

/**
 * Fills views from a bus, as a venue does with those of its own process. Resolves when they have come as far as the bus had
 * at the time of the call.
 *
 * Rejects with `ConsumerBehind` if the bus has no more what they lack and no snapshot helps, and with what a view throws.
 *
 * @example
 * const views = new Views();
 * const follower = await followVenue({ bus, views: [views], snapshots });
 * await follower.reached(sequence);
 * views.openOrders(account);
 */
export const followVenue = async (options: FollowOptions): Promise<Follower> => {
  const follower = new ViewFollower(options);
  try {
    await follower.start();
    return follower;
  } catch (error) {
    await follower.stop();
    throw error;
  }
};

// How often a start tries with a newer snapshot, before it says that the bus forgets faster than snapshots come.
const SNAPSHOTS_TRIED = 3;

class ViewFollower implements Follower {
  stopped: Promise<Error | undefined> = Promise.resolve(undefined);
  readonly #options: FollowOptions;
  readonly #stopping = new AbortController();
  #sequence = 0;
  /** From here on somebody may have seen the views. */
  #readyAt = Number.POSITIVE_INFINITY;
  #ended = false;
  #failure: Error | undefined;
  #awaited: { sequence: number; resolve: () => void; reject: (error: Error) => void }[] = [];

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  get sequence(): number {
    return this.#sequence;
  }

  async start(): Promise<void> {
    const { bus, snapshots } = this.#options;
    if (snapshots !== undefined) await this.#restore(snapshots, 0);
    this.#readyAt = await bus.head();
    this.stopped = this.#run().then(
      (behind) => this.#finish(behind),
      (error: Error) => this.#finish(error),
    );
    await this.reached(this.#readyAt);
  }

  reached(sequence: number): Promise<void> {
    if (this.#sequence >= sequence) return Promise.resolve();
    if (this.#ended) return Promise.reject(this.#reasonFor(sequence));
    return new Promise((resolve, reject) => {
      this.#awaited.push({ sequence, resolve, reject });
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.stopped;
  }

  async #run(): Promise<ConsumerBehind | undefined> {
    const { snapshots } = this.#options;
    for (let tried = 0; ; tried += 1) {
      const behind = await this.#follow();
      const isInUse = this.#sequence >= this.#readyAt;
      if (behind === undefined || snapshots === undefined) return behind;
      if (isInUse || tried === SNAPSHOTS_TRIED) return behind;
      await this.#restore(snapshots, behind.last);
    }
  }

  async #follow(): Promise<ConsumerBehind | undefined> {
    const { bus, views } = this.#options;
    for await (const delivery of bus.follow(this.#sequence, this.#stopping.signal)) {
      const { first, last } = delivery;
      if (delivery.kind === "resync") return new ConsumerBehind("a follower", first, last);
      const events = recordViews(delivery.events);
      for (const view of views) view.apply(events, 0, delivery.events.length);
      this.#advance(last);
    }
    return undefined;
  }

  async #restore(snapshots: ViewSnapshots, atLeast: number): Promise<void> {
    const { sections, sequence } = await snapshots.take(atLeast);
    for (const view of this.#options.views) {
      const section = sections.get(view.name);
      if (section === undefined) {
        throw new RangeError(`expected a snapshot with the view ${view.name}, was without`);
      }
      view.restore(section);
    }
    this.#advance(sequence);
  }

  #advance(sequence: number): void {
    this.#sequence = sequence;
    for (const awaited of this.#awaited) if (awaited.sequence <= sequence) awaited.resolve();
    this.#awaited = this.#awaited.filter((awaited) => awaited.sequence > sequence);
  }

  #finish(failure: Error | undefined): Error | undefined {
    this.#ended = true;
    this.#failure = failure;
    for (const { sequence, reject } of this.#awaited) reject(this.#reasonFor(sequence));
    this.#awaited = [];
    return failure;
  }

  #reasonFor(sequence: number): Error {
    return (
      this.#failure ??
      new Error(`the views were stopped at ${this.#sequence}, before they came to ${sequence}`)
    );
  }
}
