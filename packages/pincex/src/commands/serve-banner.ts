import { relative, sep } from "node:path";
import type { DemoKey } from "../exchange/demo-keys.ts";

export interface ServeBanner {
  readonly version: string;
  readonly port: number;
  /** Symbols such as "BTC-USDT". */
  readonly markets: readonly string[];
  readonly demoKeys: readonly DemoKey[];
  /** Absolute. */
  readonly demoKeysFile: string;
  /** Absolute. */
  readonly dataDirectory: string;
  /** What each demo account begins with, such as "10 BTC". */
  readonly demoDeposits: readonly string[];
  /** Where SQL is: on a server, or embedded. */
  readonly database: "embedded" | "server";
  /** Where the journal is. */
  readonly journal: "file" | "postgres";
}

/** The path as one would type it here, if that is shorter. */
const typed = (path: string): string => {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith(`..${sep}..`) || fromHere === "" ? path : fromHere;
};

/** What a person who started an exchange must know: where it is, who may trade, how to connect. */
export const serveBanner = (banner: ServeBanner): string => {
  const address = `http://localhost:${banner.port}`;
  const keysFile = typed(banner.demoKeysFile);
  const width = Math.max(...banner.demoKeys.map(({ name }) => name.length));
  const keys = banner.demoKeys.map(({ name, apiKey }) => `    ${name.padEnd(width)}  ${apiKey}`);
  const symbol = banner.markets[0] ?? "BTC-USDT";
  return `
Pincex ${banner.version} is running.

  Page       ${address}
  Markets    ${banner.markets.join(", ")}: simulated traders keep them moving
  Native     ${address}/v1           ws://localhost:${banner.port}/v1/ws
  Binance    ${address}/api/v3       ws://localhost:${banner.port}/ws, /stream, /ws-api/v3
  Data       ${typed(banner.dataDirectory)}

  Two demo accounts, each began with ${banner.demoDeposits.join(", ")}. Their API keys:

${keys.join("\n")}

  The secrets are in ${keysFile}, readable by you alone.

  Connect with ccxt (npm install ccxt), paste and run:

    import { readFileSync } from "node:fs";
    import ccxt from "ccxt";

    const [{ apiKey, secret }] = JSON.parse(readFileSync("${keysFile}", "utf8"));
    const at = (path) => "${address}" + path;
    const binance = new ccxt.binance({ apiKey, secret, urls: { api: {
      public: at("/api/v3"), private: at("/api/v3"), sapi: at("/sapi/v1"),
      fapiPublic: at("/fapi/v1"), dapiPublic: at("/dapi/v1"),
    } } });
    console.log(await binance.createOrder("${symbol.replace("-", "/")}", "market", "buy", 0.01));

  Or look at the book:

    curl "${address}/api/v3/depth?symbol=${symbol.replace("-", "")}&limit=5"

${noteOf(banner)}
  Ctrl-C stops it; started again, it goes on where it was.

`;
};

const EMBEDDED_NOTE = `  The embedded database is for development, tests and demonstrations: it survives a killed process, not a power cut.
  The journal survives both. In production, name a PostgreSQL in DATABASE_URL.`;

const SERVER_NOTE = "  The SQL copy of the books is in your PostgreSQL, schema pincex.";

const JOURNAL_NOTE = `  The journal is in your PostgreSQL, schema pincex_journal: the only copy of the money.
  The SQL copy of the books is beside it, schema pincex.`;

const noteOf = ({ database, journal }: ServeBanner): string => {
  if (journal === "postgres") return JOURNAL_NOTE;
  return database === "embedded" ? EMBEDDED_NOTE : SERVER_NOTE;
};
