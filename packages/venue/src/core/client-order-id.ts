import type { RecordViews } from "@pincex/engine";
import { CLIENT_ORDER_ID_BYTES } from "./open-orders.ts";

const allowed = new Uint8Array(256);
for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/") {
  allowed[character.charCodeAt(0)] = 1;
}

/** Whether the bytes are a client order id: 1 to 36 of a-z A-Z 0-9 - _ . : / */
export const isClientOrderId = (views: RecordViews, offset: number, length: number): boolean => {
  if (length < 1 || length > CLIENT_ORDER_ID_BYTES) return false;
  for (let index = 0; index < length; index++) {
    if (allowed[views.bytes[offset + index] ?? 0] !== 1) return false;
  }
  return true;
};
