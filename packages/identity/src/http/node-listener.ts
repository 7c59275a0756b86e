import type { IncomingMessage, ServerResponse } from "node:http";
import type { IdentityHandler } from "./identity-handler.ts";
import { MAX_BODY_BYTES } from "./json-body.ts";

export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

export interface IdentityListenerOptions {
  /** Answers what is not identity's. Without it, identity answers 404. */
  readonly fallback?: NodeListener;
  /** Who sent a request. The socket's address unless told otherwise: behind proxies, what the host's own say. */
  readonly addressOf?: (request: IncomingMessage) => string | undefined;
}

/**
 * Identity as a listener of `node:http`. It reads the body itself, so nothing that parses bodies may run before it.
 *
 * @example
 * createServer(toIdentityListener(identity, { fallback: toNodeListener(gateway) }));
 */
export const toIdentityListener = (
  identity: IdentityHandler,
  { fallback, addressOf = ({ socket }) => socket.remoteAddress }: IdentityListenerOptions = {},
): NodeListener => {
  return (request, response) => {
    if (fallback !== undefined && !identity.owns(request.url ?? "/")) fallback(request, response);
    else void answer(identity, request, response, addressOf(request));
  };
};

const answer = async (
  identity: IdentityHandler,
  request: IncomingMessage,
  response: ServerResponse,
  remoteAddress: string | undefined,
): Promise<void> => {
  try {
    const body = await readBody(request);
    // What is left of a body that is too large is not read.
    if (body.length > MAX_BODY_BYTES) response.setHeader("connection", "close");
    const { method = "GET", url = "/" } = request;
    const headers = request.headers as Record<string, string | undefined>;
    const answered = await identity.handle({ method, path: url, headers, body, remoteAddress });
    response.writeHead(answered.status, {
      ...answered.headers,
      "content-length": Buffer.byteLength(answered.body),
    } as Record<string, string | number | string[]>);
    response.end(answered.body);
  } catch {
    // The client went away: there is nobody to tell.
    response.destroy();
  }
};

/** The body, or its beginning if it is longer than is ever read. */
const readBody = async (request: IncomingMessage): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving early must leave the socket open: the refusal still has to go out on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks, length);
};
