import { type Follower, followVenue } from "../bus/follow-venue.ts";
import type { Submission, Venue } from "../sequencer/venue.ts";
import { OutcomeUnknown, VenueOverloaded, VenueStopped } from "../sequencer/venue-errors.ts";
import type { View } from "../views/view.ts";
import { type RedisBusOptions, redisBus } from "./redis-bus.ts";
import { redisSnapshots } from "./redis-snapshots.ts";
import { VenueClient } from "./venue-client.ts";

export interface RemoteVenueOptions extends RedisBusOptions {
  /** Follow in memory, as the views of a venue do in its own process. Fresh ones: the start fills them. */
  readonly views: readonly View[];
  /** How long to wait for an answer, in milliseconds: 5,000 unless told. The venue does nothing that comes later. */
  readonly patienceMs?: number;
  /** How many commands may wait for their answer. Any more are refused. 10,000 unless told. */
  readonly queueLimit?: number;
}

/** A venue that runs in another process: what a gateway needs of it. */
export interface RemoteVenue extends Pick<Venue, "sequence" | "stopped"> {
  /**
   * Does a command as `Venue.submit` does, and resolves when the views of this process have followed it, too.
   *
   * Rejects as that does: with `VenueStopped` (not done) while Redis can't be reached, and with `OutcomeUnknown` also when
   * there is no answer in time. A command with a `commandId` can then be sent again without being done twice.
   */
  submit(record: Uint8Array): Promise<Submission>;
  /** Takes no more commands and lets the views be; the venue goes on. Safe to call again. */
  stop(): Promise<void>;
}

/**
 * A venue that another process runs and serves with `serveVenue`, and views that follow it here: all that a gateway stands on, so
 * that any number of them serve one venue. Resolves when the views are as current as the bus.
 *
 * When `stopped` resolves with `ConsumerBehind`, the views have lost the thread: close the gateway, and begin again.
 *
 * @example
 * const views = new Views();
 * const marketData = new MarketData();
 * const venue = await remoteVenue({ redis, views: [views, marketData] });
 * const gateway = createGateway({ venue, views, marketData, authenticator, clock: Date.now });
 */
export const remoteVenue = async (options: RemoteVenueOptions): Promise<RemoteVenue> => {
  const { patienceMs = 5_000, queueLimit = 10_000, views } = options;
  assertPositive("patienceMs", patienceMs);
  assertPositive("queueLimit", queueLimit);
  const snapshots = redisSnapshots(options);
  const follower = await followVenue({ bus: redisBus(options), views, snapshots });
  return new VenueElsewhere(options, follower, patienceMs, queueLimit);
};

const RETRY_AFTER_MS = 10;

class VenueElsewhere implements RemoteVenue {
  readonly stopped: Promise<Error | undefined>;
  readonly #follower: Follower;
  readonly #client: VenueClient;
  readonly #patienceMs: number;
  readonly #queueLimit: number;
  #end: { readonly reason: Error | undefined } | undefined;

  constructor(
    options: RemoteVenueOptions,
    follower: Follower,
    patienceMs: number,
    queueLimit: number,
  ) {
    this.#follower = follower;
    this.#client = new VenueClient(options, patienceMs);
    this.#patienceMs = patienceMs;
    this.#queueLimit = queueLimit;
    this.stopped = Promise.race([follower.stopped, this.#client.stopped]).then((reason) => {
      this.#end = { reason };
      return reason;
    });
  }

  get sequence(): number {
    return this.#follower.sequence;
  }

  async submit(record: Uint8Array): Promise<Submission> {
    if (this.#end !== undefined) throw new VenueStopped(this.#end.reason);
    if (this.#client.waiting >= this.#queueLimit) {
      throw new VenueOverloaded("the venue's process", RETRY_AFTER_MS);
    }
    const answer = await this.#client.ask({ kind: "submit", record });
    if (answer.kind !== "done") throw new OutcomeUnknown(`it was answered with ${answer.kind}`);
    const { sequence, time, events } = answer;
    if (this.#follower.sequence < sequence) await this.#followed(sequence);
    return { sequence, time, events };
  }

  async stop(): Promise<void> {
    await Promise.all([this.#client.stop(), this.#follower.stop()]);
    await this.stopped;
  }

  /** Whoever is answered reads here what it wrote. */
  async #followed(sequence: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      const reason = "the views did not follow in time";
      timer = setTimeout(() => reject(new OutcomeUnknown(reason)), this.#patienceMs);
    });
    const followed = this.#follower.reached(sequence).catch((error: unknown) => {
      throw new OutcomeUnknown(error);
    });
    try {
      await Promise.race([followed, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const assertPositive = (option: string, value: number): void => {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new RangeError(`expected ${option} to be a whole number above zero, was ${value}`);
};
