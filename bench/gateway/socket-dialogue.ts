import { createHmac } from "node:crypto";
import { signedPayload } from "@pincex/gateway";
import type { Dialogue } from "./closed-loop.ts";
import { type LoadKey, orderBody } from "./load.ts";

const PATH = "/v1/ws";
export const UPGRADE = `GET ${PATH} HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: cGluY2V4IGJlbmNoIGtleQ==\r\n\r\n`;
const END_OF_HEAD = Buffer.from("\r\n\r\n");
const ERROR = Buffer.from('"type":"error"');

/** A text message in a frame whose mask is all zeros: allowed, and nothing has to be changed by it. */
export const maskedFrame = (text: string): Buffer => {
  const payload = Buffer.from(text);
  const extended = payload.length > 125;
  const frame = Buffer.alloc((extended ? 8 : 6) + payload.length);
  frame[0] = 0x81;
  frame[1] = 0x80 | (extended ? 126 : payload.length);
  if (extended) frame.writeUInt16BE(payload.length, 2);
  payload.copy(frame, extended ? 8 : 6);
  return frame;
};

/** The payload of the frame that begins at `offset`; undefined if it isn't all there. */
export const framePayload = (bytes: Buffer, offset: number): Buffer | undefined => {
  if (bytes.length < offset + 4) return undefined;
  const short = (bytes[offset + 1] ?? 0) & 0x7f;
  if (short === 127) throw new RangeError("expected frames below 64 KiB");
  const start = offset + (short === 126 ? 4 : 2);
  const end = start + (short === 126 ? bytes.readUInt16BE(offset + 2) : short);
  return bytes.length < end ? undefined : bytes.subarray(start, end);
};

/** What opens a WebSocket and says who is there. */
const opening = ({ apiKey, secret }: LoadKey): Buffer => {
  const timestamp = String(Date.now());
  const signature = createHmac("sha256", secret)
    .update(signedPayload(timestamp, "GET", PATH, ""))
    .digest("hex");
  const auth = { id: 0, op: "auth", key: apiKey, timestamp, signature };
  return Buffer.concat([Buffer.from(UPGRADE), maskedFrame(JSON.stringify(auth))]);
};

/** Where the server's answer to the upgrade ends; -1 if it isn't all there. */
export const upgradeEnd = (bytes: Buffer): number => {
  const at = bytes.indexOf(END_OF_HEAD);
  return at < 0 ? -1 : at + END_OF_HEAD.length;
};

/** Orders over a WebSocket that is authenticated once. */
export const socketDialogue = (
  key: LoadKey,
  nextTurn: () => number | undefined,
  heard: (isDone: boolean, answer: Buffer) => void,
): Dialogue => {
  let isUpgraded = false;
  let isAuthenticated = false;
  return {
    greeting: opening(key),
    next: () => {
      const turn = nextTurn();
      if (turn === undefined) return undefined;
      return maskedFrame(`{"id":${turn},"op":"place","body":${orderBody(turn)}}`);
    },
    answerEnd: (bytes, offset) => {
      const start = isUpgraded ? offset : upgradeEnd(bytes);
      if (start < 0) return -1;
      const payload = framePayload(bytes, start);
      if (payload === undefined) return -1;
      isUpgraded = true;
      if (isAuthenticated) heard(!payload.includes(ERROR), payload);
      isAuthenticated = true;
      return payload.byteOffset - bytes.byteOffset + payload.length;
    },
  };
};
