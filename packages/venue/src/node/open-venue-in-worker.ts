import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { Venue } from "../sequencer/venue.ts";
import type { Standstill } from "../thread/hash-slot.ts";
import { ThreadedVenue, type VenueHostOptions } from "../thread/threaded-venue.ts";
import type { VenueWorkerData } from "./venue-worker.ts";

export interface VenueInWorkerOptions extends VenueHostOptions {
  /** The file of the worker's program, which calls `runVenueWorker`. */
  readonly program: URL;
  /** Handed to the program: whatever can be copied between threads. */
  readonly data?: unknown;
  /** Options of Node for the thread, such as a loader of TypeScript. This thread's own unless told. */
  readonly execArgv?: readonly string[];
}

// A thread that does not even answer for so long is stuck.
const PATIENCE_MS = 60_000;
const NAP_MS = 0.2;

/**
 * Starts a venue in a thread of its own, so that whatever keeps this one busy delays neither matching nor the journal:
 * commands and events go through rings in shared memory. Views and projections stay here, with `onNotice` and `onProgress`;
 * journal, snapshots and clock are the thread's, which `program` makes by calling `runVenueWorker`.
 *
 * It is used and stopped like every other venue, and rejects with what `openVenue` rejects with. If the thread dies, so does
 * the venue: what it was sent and hasn't answered is an `OutcomeUnknown`, and the next start recovers from the journal.
 * `stateHash` waits in place for the thread.
 *
 * @example
 * const program = new URL("./venue-worker.js", import.meta.url);
 * const venue = await openVenueInWorker({ program, data: { directory: ".venue" }, views: [new Views()] });
 * // …
 * await venue.stop();
 */
export const openVenueInWorker = async (options: VenueInWorkerOptions): Promise<Venue> => {
  const { port1: port, port2: venuePort } = new MessageChannel();
  const thread = new Thread(port);
  const venue = new ThreadedVenue(options, thread);
  port.on("message", (message) => venue.receive(message));
  thread.begin(options, { host: venue.told, port: venuePort, data: options.data }, (error) =>
    venue.lose(error),
  );
  try {
    await venue.opened;
    return venue;
  } catch (error) {
    await thread.end();
    throw error;
  }
};

/** The worker, and this side of the wire to it. */
class Thread {
  readonly #port: MessagePort;
  #worker: Worker | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  begin(
    { program, execArgv }: VenueInWorkerOptions,
    workerData: VenueWorkerData,
    onLost: (error: Error) => void,
  ): void {
    const worker = new Worker(program, {
      workerData,
      transferList: [workerData.port],
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    let cause: unknown;
    worker.on("error", (error) => {
      cause = error;
    });
    // Not before: only now has every write that it began come to its end.
    worker.on("exit", (code) => {
      this.#port.close();
      onLost(new Error(`the venue's thread has ended (${String(cause ?? code)})`, { cause }));
    });
    this.#worker = worker;
  }

  send(message: unknown): void {
    this.#port.postMessage(message);
  }

  readonly standstill: Standstill = (isSo) => {
    const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));
    const until = performance.now() + PATIENCE_MS;
    while (!isSo()) {
      if (performance.now() > until) throw new Error("the venue's thread does not answer");
      Atomics.wait(nobodyWakes, 0, 0, NAP_MS);
    }
  };

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }
}
