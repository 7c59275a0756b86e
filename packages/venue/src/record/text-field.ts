import type { RecordViews } from "@pincex/engine";

/** The longest text that a record takes, in bytes of UTF-8. The core's own limits are narrower. */
export const TEXT_BYTES_LIMIT = 255;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes of UTF-8 that a text needs. */
export const textLength = (text: string, field: string): number => {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 127) {
      length = encoder.encode(text).length;
      break;
    }
  }
  if (length > TEXT_BYTES_LIMIT) {
    throw new RangeError(`expected ${field} of at most ${TEXT_BYTES_LIMIT} bytes, was ${length}`);
  }
  return length;
};

/** Rounds up to the next multiple of 8, where the next field of a record may begin. */
export const padded = (length: number): number => (length + 7) & ~7;

export const writeText = (views: RecordViews, offset: number, text: string): void => {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 127) {
      views.bytes.set(encoder.encode(text), offset);
      return;
    }
    views.bytes[offset + index] = code;
  }
};

export const readText = (views: RecordViews, offset: number, length: number): string => {
  let text = "";
  for (let index = 0; index < length; index++) {
    const code = views.bytes[offset + index] ?? 0;
    if (code > 127) return decoder.decode(views.bytes.subarray(offset, offset + length));
    text += String.fromCharCode(code);
  }
  return text;
};
