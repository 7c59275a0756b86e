import {
  type GatewayRequest,
  type GatewayResponse,
  MAX_BODY_BYTES,
  OVERSIZED,
} from "../http-message.ts";
import { bodyAlreadyRead } from "./body-already-read.ts";

/** What a `Request` does not say. */
export interface FetchContext {
  /** Where the request came from; without it no limit of addresses is counted. */
  readonly remoteAddress?: string | undefined;
}

/** Answers a standard `Request` with a standard `Response`, as Hono, Next.js and others route them. */
export type FetchHandler = (request: Request, context?: FetchContext) => Promise<Response>;

/** The gateway's `fetch`. It never rejects. */
export const fetchHandler =
  (handle: (request: GatewayRequest) => Promise<GatewayResponse>): FetchHandler =>
  async (request, { remoteAddress } = {}) => {
    if (request.bodyUsed) return responseOf(bodyAlreadyRead());
    const body = await readBody(request);
    const { url, method } = request;
    const headers = Object.fromEntries(request.headers);
    return responseOf(await handle({ method, path: pathOf(url), headers, body, remoteAddress }));
  };

/** Path and query as they stand in the address: parsed and written again, they might differ from what was signed. */
const pathOf = (url: string): string => {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const fragment = url.indexOf("#");
  return start < 0 ? "/" : url.slice(start, fragment < 0 ? undefined : fragment);
};

const NO_BODY = new Uint8Array(0);

/** One that ends early, because the client has gone, counts as none: there is nobody to be answered. */
const readBody = async ({ headers, body }: Request): Promise<Uint8Array> => {
  if (Number(headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return OVERSIZED;
  if (body === null) return NO_BODY;
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) return OVERSIZED;
      chunks.push(chunk);
    }
  } catch {
    return NO_BODY;
  }
  return Buffer.concat(chunks, length);
};

const responseOf = ({ status, headers, body }: GatewayResponse): Response =>
  new Response(status === 204 ? null : (body as string | Uint8Array<ArrayBuffer>), {
    status,
    headers,
  });
