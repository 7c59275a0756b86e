import type { StateMachineKind } from "../sequencer/state-machine.ts";
import type { Venue, VenueOptions } from "../sequencer/venue.ts";
import type { Standstill } from "../thread/hash-slot.ts";
import { ThreadedVenue, type ThreadHandle } from "../thread/threaded-venue.ts";
import { VenueThread } from "../thread/venue-thread.ts";
import type { WireMessage } from "../thread/wire.ts";

/**
 * `openSequencer` with both ends of a wire in this thread: all that a venue in a thread of its own does, with clocks, timers and
 * journals that a test holds in its hand.
 */
export const openBehindAWire = async (
  { views = [], projections = [], onNotice, onProgress, ...options }: VenueOptions,
  kind: StateMachineKind,
): Promise<Venue> => {
  let thread: VenueThread;
  // Nobody else makes progress while one stands still, so the other end is let do its part.
  const standstill: Standstill = (isSo) => {
    while (!isSo()) thread.read();
  };
  const handle: ThreadHandle = {
    send: later((message) => thread.receive(message)),
    standstill,
    end: async () => undefined,
  };
  const host = {
    views,
    projections,
    ...(onNotice === undefined ? {} : { onNotice }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  const venue = new ThreadedVenue(host, handle);
  thread = new VenueThread({ send: later((message) => venue.receive(message)) }, venue.told);
  await Promise.all([venue.opened, thread.open(async () => options, kind)]);
  return venue;
};

/** Delivers copies, in order, after what runs now. */
const later =
  (receive: (message: WireMessage) => void) =>
  (message: WireMessage): void => {
    const copy = structuredClone(message);
    queueMicrotask(() => receive(copy));
  };
