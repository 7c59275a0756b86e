import { decodeMessages, encodeMessages, type Message } from "./message.ts";

/** What a client asks of a venue. */
export type Request =
  | {
      readonly kind: "submit";
      readonly id: number;
      /** Not done any more when Redis has had it for longer: its client has given up. In milliseconds. */
      readonly patienceMs: number;
      readonly record: Uint8Array;
    }
  | {
      readonly kind: "snapshot";
      readonly id: number;
      readonly patienceMs: number;
      /** Sequence number of a command that must be in it. */
      readonly atLeast: number;
    };

const SUBMIT = 1;
const SNAPSHOT = 2;

export const encodeRequests = (requests: readonly Request[]): Uint8Array =>
  encodeMessages(requests.map(messageOf));

/** Throws a `RangeError` where the bytes are no requests. */
export const decodeRequests = (bytes: Uint8Array): Request[] =>
  decodeMessages(bytes).map(requestIn);

const messageOf = (request: Request): Message => {
  const { id, patienceMs } = request;
  if (request.kind === "submit") {
    return { id, kind: SUBMIT, numbers: [patienceMs, 0], body: request.record };
  }
  return { id, kind: SNAPSHOT, numbers: [patienceMs, request.atLeast], body: new Uint8Array() };
};

const requestIn = ({ id, kind, numbers: [patienceMs, atLeast], body }: Message): Request => {
  if (kind === SUBMIT) return { kind: "submit", id, patienceMs, record: body };
  if (kind === SNAPSHOT) return { kind: "snapshot", id, patienceMs, atLeast };
  throw new RangeError(`expected a kind of request, was ${kind}`);
};
