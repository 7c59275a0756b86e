import { BinanceError, illegalCharacters, parameterMissing } from "./error.ts";

const USUAL_WINDOW_MS = 5_000;
const LONGEST_WINDOW_MS = 60_000;
const AHEAD_MS = 1_000;
/** Timestamps from here on are in microseconds: as milliseconds they would lie in the year 5138. */
const MICROSECONDS_FROM = 100_000_000_000_000;

/**
 * What a REST client signed: query and body exactly as sent, one after the other with nothing between, without the
 * `signature` pair wherever it stands.
 */
export const restPayload = (query: string, body: string): string =>
  withoutSignature(query) + withoutSignature(body);

const withoutSignature = (pairs: string): string =>
  pairs
    .split("&")
    .filter((pair) => !pair.startsWith("signature="))
    .join("&");

/**
 * What a WebSocket API client signed: all parameters but `signature`, sorted by name. Clients differ in whether values
 * are percent-encoded, so there are two payloads that count as signed.
 */
export const webSocketPayloads = (parameters: ReadonlyMap<string, string>): string[] => {
  const sorted = [...parameters]
    .filter(([name]) => name !== "signature")
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const plain = sorted.map(([name, value]) => `${name}=${value}`).join("&");
  const encoded = sorted.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return plain === encoded ? [plain] : [plain, encoded];
};

/** Refuses a request that was signed too long ago, or too far in the future. */
export const checkTimestamp = (parameters: ReadonlyMap<string, string>, now: number): void => {
  const text = parameters.get("timestamp");
  if (text === undefined || text === "") throw parameterMissing("timestamp");
  if (!/^[0-9]{1,16}$/.test(text)) throw illegalCharacters("timestamp", "^[0-9]{1,16}$");
  const sent = Number(text) >= MICROSECONDS_FROM ? Number(text) / 1_000 : Number(text);
  const window = receiveWindow(parameters.get("recvWindow"));
  if (sent >= now + AHEAD_MS) {
    throw outsideWindow("Timestamp for this request was 1000ms ahead of the server's time.");
  }
  if (now - sent > window) {
    throw outsideWindow("Timestamp for this request is outside of the recvWindow.");
  }
};

const receiveWindow = (text: string | undefined): number => {
  if (text === undefined) return USUAL_WINDOW_MS;
  if (!/^[0-9]{1,5}(\.[0-9]{1,3})?$/.test(text)) {
    throw illegalCharacters("recvWindow", "^[0-9]{1,5}(\\.[0-9]{1,3})?$");
  }
  const window = Number(text);
  if (window > LONGEST_WINDOW_MS) {
    throw new BinanceError(
      400,
      -1131,
      "recvWindow must be less than 60000",
      "recvWindow",
      "parameter_invalid",
    );
  }
  return window;
};

const outsideWindow = (message: string): BinanceError =>
  new BinanceError(400, -1021, message, "timestamp", "timestamp_outside_window");

/** Whether a text can be an API key at all: letters, digits and a few signs, 1 to 128 of them. */
export const isApiKey = (text: string): boolean => /^[A-Za-z0-9_-]{1,128}$/.test(text);

export const apiKeyMalformed = (): BinanceError =>
  new BinanceError(401, -2014, "API-key format invalid.", "apiKey", "api_key_malformed");

/** Also the answer to a key that lacks a permission: it does not tell which. */
export const apiKeyInvalid = (reason: string): BinanceError =>
  new BinanceError(401, -2015, "Invalid API-key, IP, or permissions for action.", "apiKey", reason);

export const signatureInvalid = (): BinanceError =>
  new BinanceError(
    400,
    -1022,
    "Signature for this request is not valid.",
    "signature",
    "signature_invalid",
  );
