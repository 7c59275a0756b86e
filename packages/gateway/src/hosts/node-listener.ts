import type { IncomingMessage, ServerResponse } from "node:http";
import type { Gateway } from "../gateway.ts";
import { type GatewayResponse, MAX_BODY_BYTES, OVERSIZED } from "../http-message.ts";
import { bodyAlreadyRead } from "./body-already-read.ts";

export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

export interface NodeListenerOptions {
  /** Answers what is not the gateway's: a page, the host's own routes. Without it, the gateway answers 404. */
  readonly fallback?: NodeListener;
}

/**
 * The gateway as a listener of `node:http`. It reads the raw body itself, because that is what clients sign. Where something has
 * read it before, the bytes are taken from `request.rawBody`; without them the request is refused with `body_already_read`.
 *
 * @example
 * createServer(toNodeListener(gateway)).on("upgrade", (request, socket, head) => {
 *   if (!gateway.handleUpgrade(request, socket, head)) socket.destroy();
 * });
 */
export const toNodeListener = (
  gateway: Gateway,
  { fallback }: NodeListenerOptions = {},
): NodeListener => {
  return (request, response) => {
    const path = pathOf(request);
    if (fallback !== undefined && !gateway.owns(path)) {
      fallback(request, response);
      return;
    }
    void answer(gateway, request, path, response);
  };
};

/** Routers such as Express cut their mount path off `url`; clients signed the whole. */
const pathOf = (request: IncomingMessage & { originalUrl?: string }): string =>
  request.originalUrl ?? request.url ?? "/";

const answer = async (
  gateway: Gateway,
  request: NodeRequest,
  path: string,
  response: ServerResponse,
): Promise<void> => {
  try {
    if (isReadBefore(request)) {
      write(response, bodyAlreadyRead());
      return;
    }
    const body = request.rawBody ?? (await readBody(request));
    const answered = await gateway.handle({
      method: request.method ?? "GET",
      path,
      headers: request.headers as Record<string, string | undefined>,
      body: body ?? OVERSIZED,
      remoteAddress: request.socket.remoteAddress,
    });
    // The rest of an oversized body is not read, so the connection can't be used again.
    if (body === undefined) response.setHeader("connection", "close");
    write(response, answered);
  } catch {
    // The client went away while it was sending, or the response is gone: there is nobody to tell.
    response.destroy();
  }
};

/** A request that may have been through something that reads bodies. */
interface NodeRequest extends IncomingMessage {
  /** The bytes as they were sent, where the host's own parser has kept them. */
  readonly rawBody?: Uint8Array;
}

/** Whether somebody has taken the body and not kept it. One without any has nothing to take. */
const isReadBefore = (request: NodeRequest): boolean =>
  request.rawBody === undefined && request.readableDidRead && hasBody(request);

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

const NO_BODY = new Uint8Array(0);

/**
 * The whole body; undefined if it is larger than the limit, as soon as that is known. By its events: iterating over a request costs
 * more than reading it.
 */
const readBody = (request: IncomingMessage): Promise<Uint8Array | undefined> => {
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) {
    return Promise.resolve(undefined);
  }
  if (!hasBody(request)) return Promise.resolve(NO_BODY);
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    request.on("data", (chunk: Uint8Array) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= MAX_BODY_BYTES) return;
      // No more is taken; the socket stays open, because the refusal still has to go out on it.
      request.removeAllListeners("data").pause();
      resolve(undefined);
    });
    request.on("end", () => {
      resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length));
    });
    request.on("error", reject);
    request.on("close", () => {
      if (!request.complete) reject(new Error("the client has gone while it was sending"));
    });
  });
};

const write = (response: ServerResponse, { status, headers, body }: GatewayResponse): void => {
  // As one list: `node:http` takes it as it stands, where an object would be put together first.
  const head: (string | number)[] = [];
  for (const name in headers) head.push(name, headers[name] as string);
  if (status !== 204) head.push("content-length", Buffer.byteLength(body));
  response.writeHead(status, head);
  response.end(body);
};
