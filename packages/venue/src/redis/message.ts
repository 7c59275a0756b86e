import { type RecordViews, recordViews } from "@pincex/engine";

/**
 * What goes between a venue and its clients, in words of 8 bytes, little-endian; many of them in one entry of a stream:
 *
 * -  0: the number that the client gave its request (a double)
 * -  8: kind; 12: bytes of the body (i32)
 * - 16: two numbers (doubles), as the kind has it
 * - 32: the body, then zeros up to a whole word
 */
export interface Message {
  readonly id: number;
  readonly kind: number;
  readonly numbers: readonly [number, number];
  readonly body: Uint8Array;
}

const HEADER_BYTES = 32;

export const encodeMessages = (messages: readonly Message[]): Uint8Array => {
  const lengths = messages.map(({ body }) => lengthWith(body.length));
  const views = recordViews(lengths.reduce((sum, length) => sum + length, 0));
  let offset = 0;
  messages.forEach(({ id, kind, numbers, body }, index) => {
    views.f64[offset >> 3] = id;
    views.i32[(offset + 8) >> 2] = kind;
    views.i32[(offset + 12) >> 2] = body.length;
    views.f64.set(numbers, (offset + 16) >> 3);
    views.bytes.set(body, offset + HEADER_BYTES);
    offset += lengths[index] ?? 0;
  });
  return views.bytes;
};

/** Throws a `RangeError` where the bytes are no messages. Bodies are views of the bytes, and begin with a whole word. */
export const decodeMessages = (bytes: Uint8Array): Message[] => {
  if (bytes.length % 8 !== 0) {
    throw new RangeError(`expected messages in words of 8 bytes, was ${bytes.length} bytes`);
  }
  const views = recordViews(bytes);
  const messages: Message[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const message = decodeMessage(views, offset);
    messages.push(message);
    offset += lengthWith(message.body.length);
  }
  return messages;
};

const decodeMessage = (views: RecordViews, offset: number): Message => {
  const end = views.bytes.length;
  const bodyBytes = offset + HEADER_BYTES <= end ? (views.i32[(offset + 12) >> 2] ?? -1) : -1;
  if (bodyBytes < 0 || offset + lengthWith(bodyBytes) > end) {
    throw new RangeError(`expected a message at byte ${offset} of ${end}, was cut short`);
  }
  const body = offset + HEADER_BYTES;
  return {
    id: views.f64[offset >> 3] ?? 0,
    kind: views.i32[(offset + 8) >> 2] ?? 0,
    numbers: [views.f64[(offset + 16) >> 3] ?? 0, views.f64[(offset + 24) >> 3] ?? 0],
    body: views.bytes.subarray(body, body + bodyBytes),
  };
};

const lengthWith = (bodyBytes: number): number => HEADER_BYTES + Math.ceil(bodyBytes / 8) * 8;
