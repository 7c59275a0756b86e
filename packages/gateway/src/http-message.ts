/** A request as the gateway reads it: nothing of it has been parsed, so signatures can be checked over what was sent. */
export interface GatewayRequest {
  readonly method: string;
  /** Path and query exactly as they were sent, percent-encoding included. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The raw body; empty if there was none. At most 1 MiB is accepted. */
  readonly body: Uint8Array;
  /** Where the request came from, for the counters that the Binance dialect reports. */
  readonly remoteAddress?: string | undefined;
}

/** An answer that a host writes out as it stands. */
export interface GatewayResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** The largest body that is read: 1 MiB. An order takes about 200 bytes. */
export const MAX_BODY_BYTES = 1_048_576;

/** One byte above the limit: stands for a larger body, which no host reads. It is refused with the error that every host gives. */
export const OVERSIZED = new Uint8Array(MAX_BODY_BYTES + 1);

export const JSON_CONTENT: Readonly<Record<string, string>> = {
  "content-type": "application/json;charset=UTF-8",
};

/** `path?query` in two, the query without its question mark. */
export const splitPath = (path: string): { pathname: string; query: string } => {
  const mark = path.indexOf("?");
  return mark < 0
    ? { pathname: path, query: "" }
    : { pathname: path.slice(0, mark), query: path.slice(mark + 1) };
};

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The body as text, or undefined if it isn't UTF-8. */
export const bodyText = (body: Uint8Array): string | undefined => {
  if (body.length === 0) return "";
  try {
    return decoder.decode(body);
  } catch {
    return undefined;
  }
};
