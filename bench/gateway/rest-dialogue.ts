import { createHmac } from "node:crypto";
import { signedPayload } from "@pincex/gateway";
import type { Dialogue } from "./closed-loop.ts";
import { type LoadKey, orderBody } from "./load.ts";

const END_OF_HEAD = Buffer.from("\r\n\r\n");

/** Signed orders to `POST /v1/orders` over a connection that is kept alive. */
export const restDialogue = (
  { apiKey, secret }: LoadKey,
  nextTurn: () => number | undefined,
  heard: (isDone: boolean, answer: Buffer) => void,
): Dialogue => ({
  greeting: undefined,
  next: () => {
    const turn = nextTurn();
    if (turn === undefined) return undefined;
    const body = orderBody(turn);
    // The same order twice in a millisecond is two orders, if its decimals say so.
    const timestamp = `${Date.now()}.${turn % 1_000_000}`;
    const signature = createHmac("sha256", secret)
      .update(signedPayload(timestamp, "POST", "/v1/orders", body))
      .digest("hex");
    return Buffer.from(
      `POST /v1/orders HTTP/1.1\r\nhost: localhost\r\npincex-key: ${apiKey}\r\npincex-timestamp: ${timestamp}\r\npincex-signature: ${signature}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  },
  answerEnd: (bytes, offset) => {
    const headEnd = bytes.indexOf(END_OF_HEAD, offset);
    if (headEnd < 0) return -1;
    const head = bytes.toString("latin1", offset, headEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const end = headEnd + END_OF_HEAD.length + length;
    if (bytes.length < end) return -1;
    heard(head.startsWith("HTTP/1.1 201"), bytes.subarray(end - length, end));
    return end;
  },
});
