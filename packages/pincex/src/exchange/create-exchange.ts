import { resolve } from "node:path";
import { createGateway, type Gateway, ReplayWindow } from "@pincex/gateway";
import { MarketData, OrderBooks } from "@pincex/market-data";
import type { Venue } from "@pincex/venue";
import { Views } from "@pincex/venue/views";
import { ExchangeIdentity } from "../identity/exchange-identity.ts";
import { refuseOrigins, relyingPartyOf } from "../identity/page-origins.ts";
import { Simulation } from "../simulation/simulation.ts";
import { type DataDirectory, openDataDirectory } from "./data-directory.ts";
import { type DemoKey, openDemoKeys } from "./demo-keys.ts";
import { openExchangeBus } from "./exchange-bus.ts";
import type { JournalPlace } from "./exchange-journal.ts";
import type { ExchangeOptions } from "./exchange-options.ts";
import {
  DEFAULT_ASSETS,
  DEFAULT_MARKETS,
  DEMO_ACCOUNTS,
  MARKET_MAKER,
  type MarketSetup,
  NOISE_TRADERS,
} from "./exchange-setup.ts";
import { openExchangeVenue } from "./exchange-venue.ts";
import { depositsTo, setUp } from "./first-start.ts";
import { HttpServer } from "./http-server.ts";
import { anchorOf } from "./market-listing.ts";
import { notStartedOf } from "./not-started-of.ts";
import { type SqlCopy, sqlCopyToCome } from "./sql-copy.ts";

/** A whole exchange in this process, and its parts. */
export interface Exchange {
  readonly venue: Venue;
  /** Orders, fills and balances, current at every acknowledgement. */
  readonly views: Views;
  /** Books, trades and candles. */
  readonly marketData: MarketData;
  /** The HTTP and WebSocket API, to mount in a server of one's own instead of `listen`. */
  readonly gateway: Gateway;
  /** Users, sessions and keys, over HTTP below `/identity`. `ready` opens them before they are needed. */
  readonly identity: ExchangeIdentity;
  /** The SQL copy of the books, for queries. It lags by a moment: `venue.flushed()` waits for it. */
  readonly sql: SqlCopy["database"];
  readonly dataDirectory: DataDirectory;
  readonly demoKeys: readonly DemoKey[];
  /** What each demo account began with, such as "10 BTC". */
  readonly demoDeposits: readonly string[];
  /** Serves the page and the API, and starts the simulated traders. */
  listen(): Promise<{ port: number }>;
  /** Resolves when the venue takes no more commands, or those of other processes: with the reason if it had to. */
  readonly stopped: Promise<Error | undefined>;
  /** Finishes what was accepted, takes a snapshot and closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Opens the exchange of a data folder, or makes a new one there: markets, accounts with money, API keys.
 *
 * A reason that whoever starts it can do something about (the folder is in use, the database is unreachable, …) rejects
 * with a `ExchangeNotStarted`; nothing stays open then.
 *
 * @example
 * const exchange = await createExchange({ dataDir: "/tmp/demo", port: 0 });
 * const { port } = await exchange.listen();
 * // … http://localhost:<port>
 * await exchange.stop();
 */
export const createExchange = async (options: ExchangeOptions = {}): Promise<Exchange> => {
  assertOptions(options);
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return await open(options, closers, closeAll);
  } catch (error) {
    await closeAll();
    throw notStartedOf(error, {
      dataDirectory: resolve(options.dataDir ?? DEFAULT_DATA_DIR),
      journal: options.journal ?? "file",
    });
  }
};

const DEFAULT_DATA_DIR = ".pincex";

const LOOPBACK = "127.0.0.1";

/** An exchange that others can reach hands nobody an account, whatever else it is told. */
const offersDemoSignIn = ({
  host = LOOPBACK,
  origins = [],
  demoSignIn = true,
}: ExchangeOptions): boolean =>
  demoSignIn &&
  [LOOPBACK, "::1", "localhost"].includes(host) &&
  relyingPartyOf(origins) === "localhost";

const open = async (
  options: ExchangeOptions,
  closers: (() => Promise<void>)[],
  closeAll: () => Promise<void>,
): Promise<Exchange> => {
  const { clock = Date.now, assets = DEFAULT_ASSETS, markets = DEFAULT_MARKETS } = options;
  const dataDirectory = await openDataDirectory(options.dataDir ?? DEFAULT_DATA_DIR);
  const copy = sqlCopyToCome({
    directory: dataDirectory.sql,
    databaseUrl: options.databaseUrl,
  });
  closers.push(() => copy.close());
  const bus = await openExchangeBus(options.redisUrl);
  closers.push(() => bus.close());
  const views = new Views();
  const marketData = new MarketData();
  const orderBooks = new OrderBooks();
  // Before the venue opens: clients of the process before go on with what its restart replays.
  const replay = new ReplayWindow({ views, marketData, orderBooks });
  const followers = [views, marketData, orderBooks];
  const venue = await openExchangeVenue({
    place: { journal: journalPlace(options, dataDirectory), snapshots: dataDirectory.snapshots },
    thread: options.venueThread ?? "main",
    views: followers,
    projections: [...copy.projections, ...bus.projections],
    clock,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    ...(options.onNotice === undefined ? {} : { onNotice: options.onNotice }),
  });
  closers.push(() => venue.stop());
  const sql = await copy.opened();
  const server = await bus.serve(venue, followers);
  const traders = options.simulatedTraders ? [MARKET_MAKER, ...NOISE_TRADERS] : [];
  await setUp(venue, views, { assets, markets, accounts: [...DEMO_ACCOUNTS, ...traders] });
  const demoKeys = await openDemoKeys(
    dataDirectory.demoKeys,
    DEMO_ACCOUNTS.map(({ name }) => name),
  );

  const offersDemo = offersDemoSignIn(options);
  const identity = new ExchangeIdentity({
    directory: dataDirectory.identity,
    keyFile: dataDirectory.identityKeys,
    databaseUrl: options.databaseUrl,
    clock,
    venue,
    views,
    demoKeys,
    origins: options.origins,
    // Money that is not real goes only to who is at this machine.
    welcome: async ({ account, name }) => {
      if (offersDemo) await depositsTo(venue, views, assets, { account, name, deposits: 1 });
    },
    onMail: options.onMail,
    onError: (error) => options.onNotice?.({ kind: "identity_failed", error }),
  });
  closers.push(() => identity.close());
  const { authenticator } = identity;
  const gateway = createGateway({
    venue,
    views,
    marketData,
    orderBooks,
    history: sql.history,
    replay,
    clock,
    authenticator,
  });
  const httpServer = new HttpServer(gateway, identity, {
    offersDemo,
    names: demoKeys.map(({ name }) => name),
  });
  closers.push(async () => {
    await gateway.close();
    await httpServer.close();
  });
  const simulation = options.simulatedTraders
    ? simulationOf({ venue, views, marketData, markets, ...options.simulatedTraders })
    : undefined;
  if (simulation !== undefined) closers.push(() => simulation.stop());

  let stopped: Promise<void> | undefined;
  return {
    stopped: Promise.race([venue.stopped, server.stopped]),
    venue,
    views,
    marketData,
    gateway,
    identity,
    sql: sql.database,
    dataDirectory,
    demoKeys,
    demoDeposits: assets.map(({ code, demoDeposit }) => `${demoDeposit} ${code}`),
    listen: async () => {
      const { port = 8080, host = LOOPBACK } = options;
      const listening = await httpServer.listen({ port, host });
      identity.servesAt(listening.port);
      simulation?.start();
      return listening;
    },
    stop: () => {
      stopped ??= closeAll();
      return stopped;
    },
  };
};

const HIGHEST_PORT = 65_535;

const assertOptions = (options: ExchangeOptions): void => {
  const { port = 0, journal = "file", databaseUrl, simulatedTraders } = options;
  if (!Number.isInteger(port) || port < 0 || port > HIGHEST_PORT) {
    throw new RangeError(`expected a port from 0 to ${HIGHEST_PORT}, was ${port}`);
  }
  if (journal !== "file" && journal !== "postgres") {
    throw new RangeError(`expected the journal "file" or "postgres", was "${journal}"`);
  }
  if (journal === "postgres" && databaseUrl === undefined) {
    throw new RangeError('expected a databaseUrl with the journal "postgres", was none');
  }
  assertVenuePlace(options);
  assertOrigins(options);
  if (simulatedTraders && !Number.isInteger(simulatedTraders.seed)) {
    throw new RangeError(`expected a whole number as seed, was ${simulatedTraders.seed}`);
  }
};

const assertOrigins = ({ origins }: ExchangeOptions): void => {
  const refused = origins && refuseOrigins(origins);
  if (refused === undefined) return;
  throw Object.assign(new RangeError(refused.rule), { code: refused.code });
};

const assertVenuePlace = ({
  archiveDir,
  clock,
  journal,
  venueThread = "main",
}: ExchangeOptions): void => {
  if (journal === "postgres" && archiveDir !== undefined) {
    throw new RangeError(
      'expected no archiveDir with the journal "postgres", which has no archive',
    );
  }
  if (venueThread !== "main" && venueThread !== "own") {
    throw new RangeError(`expected the venueThread "main" or "own", was "${venueThread}"`);
  }
  if (venueThread === "own" && clock !== undefined) {
    throw new RangeError('expected no clock with the venueThread "own", which has the system\'s');
  }
};

const journalPlace = (
  { archiveDir, databaseUrl, journal }: ExchangeOptions,
  dataDirectory: DataDirectory,
): JournalPlace => {
  if (journal === "postgres" && databaseUrl !== undefined) return { kind: "postgres", databaseUrl };
  const directory = dataDirectory.journal;
  return archiveDir === undefined
    ? { kind: "file", directory }
    : { kind: "file", directory, archiveDirectory: resolve(archiveDir) };
};

interface SimulationParts {
  readonly venue: Venue;
  readonly views: Views;
  readonly marketData: MarketData;
  readonly markets: readonly MarketSetup[];
  readonly seed: number;
}

const simulationOf = ({ markets, ...parts }: SimulationParts): Simulation =>
  new Simulation({
    ...parts,
    marketMaker: MARKET_MAKER.account,
    noiseTraders: NOISE_TRADERS.map(({ account }) => account),
    stages: markets.flatMap((setup) => {
      const market = parts.views.market(setup.symbol)?.market;
      return market === undefined ? [] : [{ market, anchor: anchorOf(setup) }];
    }),
  });
