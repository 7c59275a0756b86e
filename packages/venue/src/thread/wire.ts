import type { RecoveryProgress, VenueNotice } from "../sequencer/venue.ts";
import type { ToldError } from "./told-error.ts";

/** What a thread asks the other, and awaits. */
export type Question =
  /** The host's views: restore yourselves from these sections. */
  | { readonly kind: "restore"; readonly sections: ReadonlyMap<string, Uint8Array> }
  | { readonly kind: "position"; readonly projection: number }
  | {
      readonly kind: "apply";
      readonly projection: number;
      readonly events: Uint8Array;
      readonly first: number;
      readonly last: number;
    }
  | { readonly kind: "flushed" }
  | { readonly kind: "stop" };

/** A notice whose error, if it has one, is told. */
export type ToldNotice = { readonly notice: VenueNotice; readonly error: ToldError | undefined };

/** What goes between the threads beside the two rings: seldom things, and the bells of the rings. */
export type WireMessage =
  /** There is something in the ring that you read. */
  | { readonly kind: "wake" }
  /** There is room in the ring that you write. */
  | { readonly kind: "feed" }
  | { readonly kind: "question"; readonly id: number; readonly question: Question }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "not_answered"; readonly id: number; readonly error: ToldError }
  | { readonly kind: "notice"; readonly told: ToldNotice }
  | { readonly kind: "progress"; readonly progress: RecoveryProgress }
  | { readonly kind: "opened"; readonly sequence: number }
  | { readonly kind: "not_opened"; readonly error: ToldError }
  /** What a projection of the host's is given next. */
  | {
      readonly kind: "prepare";
      readonly projection: number;
      readonly events: Uint8Array;
      readonly first: number;
      readonly last: number;
    }
  /** The host can't follow any more. */
  | { readonly kind: "fail"; readonly error: ToldError }
  | { readonly kind: "stopped"; readonly error: ToldError | undefined };

/** Carries messages to the other thread, in order; it gets copies. */
export interface Wire {
  send(message: WireMessage): void;
}

/** The memory that both threads see. */
export interface SharedMemory {
  /** The ring from the host to the venue. */
  readonly commands: SharedArrayBuffer;
  /** The ring back. */
  readonly events: SharedArrayBuffer;
  /** A `HashSlot`'s. */
  readonly hash: SharedArrayBuffer;
}

/** What goes from the host to the venue's ring. */
export const ToVenue = { command: 1, hashWanted: 2 } as const;

/** What comes back. The number is a sequence number, how many, a ticket, and a question's id. */
export const ToHost = { events: 1, acknowledged: 2, refused: 3, viewsWanted: 4 } as const;

/** An acknowledgement is that many doubles: ticket, sequence, time, and where its events begin and end in the frame's. */
export const ACKNOWLEDGED_DOUBLES = 5;
