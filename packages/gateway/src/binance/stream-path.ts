/** What a stream's address asks for. */
export interface StreamAddress {
  /** Whether messages come wrapped in `{"stream","data"}`. */
  readonly combined: boolean;
  readonly streams: readonly string[];
}

/**
 * Reads the addresses that clients use: `/ws`, `/ws/<stream>/<stream>`, `/stream`, `/stream?streams=a/b`, the same with
 * nothing after `streams=`, and `/stream/ws/<n>`, which ccxt numbers its connections with. Undefined for any other.
 * The path must have single slashes.
 */
export const parseStreamPath = (pathname: string, query: string): StreamAddress | undefined => {
  const [, root, ...rest] = pathname.split("/").map(decoded);
  if (root === "ws") return { combined: false, streams: streamsIn(rest) };
  if (root !== "stream") return undefined;
  if (rest[0] === "ws") return { combined: false, streams: streamsIn(rest.slice(1)) };
  if (rest.some((part) => part !== "")) return undefined;
  const streams = new URLSearchParams(query).get("streams") ?? "";
  return { combined: true, streams: streamsIn(streams.split("/")) };
};

/** A bare number names a connection, not a stream. */
const streamsIn = (parts: readonly string[]): string[] =>
  parts.filter((part) => part !== "" && !/^[0-9]+$/.test(part));

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
