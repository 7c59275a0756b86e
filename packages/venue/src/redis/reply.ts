import type { Submission } from "../sequencer/venue.ts";
import { OutcomeUnknown, VenueOverloaded, VenueStopped } from "../sequencer/venue-errors.ts";
import { decodeMessages, encodeMessages, type Message } from "./message.ts";

/** What a venue answers a request with: what became of it, or why nothing did. */
export type Reply =
  | ({ readonly kind: "done"; readonly id: number } & Submission)
  | { readonly kind: "snapshot_taken"; readonly id: number; readonly sequence: number }
  | { readonly kind: "overloaded"; readonly id: number; readonly retryAfterMs: number }
  | { readonly kind: "stopped"; readonly id: number; readonly reason: string }
  | { readonly kind: "outcome_unknown"; readonly id: number; readonly reason: string }
  | { readonly kind: "no_command"; readonly id: number; readonly reason: string };

const KINDS = ["done", "snapshot_taken", "overloaded", "stopped", "outcome_unknown", "no_command"];

/** What is answered when a command was not done, or nobody knows: the errors of `Venue.submit`. */
export const refusalOf = (id: number, error: unknown): Reply => {
  if (error instanceof VenueOverloaded) {
    return { kind: "overloaded", id, retryAfterMs: error.retryAfterMs };
  }
  if (error instanceof VenueStopped) return { kind: "stopped", id, reason: causeOf(error) };
  if (error instanceof RangeError) return { kind: "no_command", id, reason: error.message };
  return { kind: "outcome_unknown", id, reason: causeOf(error) };
};

/** The words that the error on the other side is made of. */
const causeOf = (error: unknown): string => {
  if (!(error instanceof VenueStopped || error instanceof OutcomeUnknown)) return String(error);
  return error.cause === undefined ? "" : String(error.cause);
};

/** The same error on the other side. */
export const errorIn = (reply: Exclude<Reply, { kind: "done" | "snapshot_taken" }>): Error => {
  switch (reply.kind) {
    case "overloaded":
      return new VenueOverloaded("the venue", reply.retryAfterMs);
    case "stopped":
      return new VenueStopped(reply.reason === "" ? undefined : reply.reason);
    case "outcome_unknown":
      return new OutcomeUnknown(reply.reason);
    case "no_command":
      return new RangeError(reply.reason);
  }
};

export const encodeReplies = (replies: readonly Reply[]): Uint8Array =>
  encodeMessages(replies.map(messageOf));

/** Throws a `RangeError` where the bytes are no replies. */
export const decodeReplies = (bytes: Uint8Array): Reply[] => decodeMessages(bytes).map(replyIn);

const messageOf = (reply: Reply): Message => {
  const { id } = reply;
  const kind = KINDS.indexOf(reply.kind);
  switch (reply.kind) {
    case "done":
      return { id, kind, numbers: [reply.sequence, reply.time], body: reply.events };
    case "snapshot_taken":
      return { id, kind, numbers: [reply.sequence, 0], body: NOTHING };
    case "overloaded":
      return { id, kind, numbers: [reply.retryAfterMs, 0], body: NOTHING };
    default:
      return { id, kind, numbers: [0, 0], body: new TextEncoder().encode(reply.reason) };
  }
};

const NOTHING = new Uint8Array();

const replyIn = ({ id, kind: number, numbers: [first, second], body }: Message): Reply => {
  const kind = KINDS[number];
  switch (kind) {
    case "done":
      return { kind, id, sequence: first, time: second, events: body };
    case "snapshot_taken":
      return { kind, id, sequence: first };
    case "overloaded":
      return { kind, id, retryAfterMs: first };
    case "stopped":
    case "outcome_unknown":
    case "no_command":
      return { kind, id, reason: new TextDecoder().decode(body) };
    default:
      throw new RangeError(`expected a kind of reply, was ${number}`);
  }
};
