import { type MessagePort, workerData } from "node:worker_threads";
import type { StateMachineKind } from "../sequencer/state-machine.ts";
import { venueMachine } from "../sequencer/venue-machine.ts";
import { type ToldHost, VenueThread, type VenueThreadOptions } from "../thread/venue-thread.ts";

/** What a thread is begun with. */
export interface VenueWorkerData {
  readonly host: ToldHost;
  readonly port: MessagePort;
  /** The program's own. */
  readonly data: unknown;
}

/**
 * Makes the thread that it is called in the venue's: the whole program of the worker that `openVenueInWorker` starts. The
 * options are those of `openVenue` that belong to this thread: journal, snapshots, clock and limits; views and projections
 * are the host's. `data` is what the host has handed over. What it throws, `openVenueInWorker` rejects with.
 *
 * @example
 * // venue-worker.ts
 * await runVenueWorker(async (data) => {
 *   const { directory } = data as { directory: string };
 *   return { journal: await openFileJournal({ directory }), clock: Date.now };
 * });
 */
export const runVenueWorker = (
  options: (data: unknown) => Promise<VenueThreadOptions>,
): Promise<void> => runMachineWorker(options, venueMachine);

/** `runVenueWorker` with any state machine. */
export const runMachineWorker = async (
  options: (data: unknown) => Promise<VenueThreadOptions>,
  kind: StateMachineKind,
): Promise<void> => {
  const { data, host, port } = workerData as VenueWorkerData;
  const venue = new VenueThread({ send: (message) => port.postMessage(message) }, host);
  port.on("message", (message) => venue.receive(message));
  await venue.open(() => options(data), kind);
};
