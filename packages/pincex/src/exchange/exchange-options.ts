import type { RecoveryProgress, VenueNotice } from "@pincex/venue";
import type { Mail } from "../identity/mailbox.ts";
import type { AssetSetup, MarketSetup } from "./exchange-setup.ts";

/** How an exchange is put together. Everything has a default; the smallest exchange is `createExchange()`. */
export interface ExchangeOptions {
  /** The folder of journal, snapshots, embedded SQL and demo keys; `.pincex` unless told otherwise. One exchange at a time. */
  readonly dataDir?: string;
  /** Where `listen` listens; 8080 unless told otherwise, 0 for any port that is free. */
  readonly port?: number;
  /**
   * The address that `listen` binds; 127.0.0.1 unless told otherwise, so that only this machine reaches the demo accounts.
   */
  readonly host?: string;
  /**
   * Where the pages live, as `https://exchange.example`: passkeys are made for their host name, and only pages from there ask for them. `http://localhost` with
   * the port unless told otherwise. All have one host name and are https, or http at localhost.
   */
  readonly origins?: readonly string[];
  /**
   * Whether the page offers whoever sits at this machine to sign in as a demo account; so unless told otherwise. Never where
   * `host` is another address than this machine's own, or `origins` say that the pages live elsewhere. Say false behind a proxy on this machine, which may hide who asks.
   */
  readonly demoSignIn?: boolean;
  /**
   * A PostgreSQL for the SQL copy of the books, in its schema `pincex`, and for users, in its schema `pincex_identity`; embedded PGlites
   * unless told otherwise.
   */
  readonly databaseUrl?: string;
  /**
   * Where the journal is: in a file in the data folder, or in the PostgreSQL at `databaseUrl`, in its schema
   * `pincex_journal`. "file" unless told otherwise.
   */
  readonly journal?: "file" | "postgres";
  /**
   * Where files of the journal go that no start needs any more; the folder `archive` of the journal's own unless told. It may be on
   * another disk. Only of a journal in files.
   */
  readonly archiveDir?: string;
  /**
   * The thread of journal and matching: this one, or one of its own, which nothing that this one does can delay. "main" unless
   * told otherwise. A `clock` goes with "main" only.
   */
  readonly venueThread?: "main" | "own";
  /**
   * A Redis that carries what the venue does to other processes, and to the venue what they ask of it; none unless told.
   * Whoever can write to it can give the venue any command.
   */
  readonly redisUrl?: string;
  /** Added at the first start; BTC, ETH, SOL and USDT unless told otherwise. */
  readonly assets?: readonly AssetSetup[];
  /** Listed at the first start; BTC-USDT, ETH-USDT and SOL-USDT unless told otherwise. What is listed already stays as it is. */
  readonly markets?: readonly MarketSetup[];
  /** Accounts that trade by themselves once the exchange listens. Off unless told otherwise. */
  readonly simulatedTraders?: { readonly seed: number } | false;
  /** Milliseconds since 1970-01-01 UTC; the system's clock unless told otherwise. */
  readonly clock?: () => number;
  /** Hears, some ten times a second, how far the journal has been replayed. */
  readonly onProgress?: (progress: RecoveryProgress) => void;
  /** Hears of each mail to a user: no provider of e-mail is part of this exchange. Tokens are in it. */
  readonly onMail?: (mail: Mail) => void;
  /** Hears what goes wrong although the exchange goes on, such as a database that cannot be reached. */
  readonly onNotice?: (notice: VenueNotice | IdentityFailed) => void;
}

/** Something about users could not be done: a mail was not sent, a database did not answer. */
export interface IdentityFailed {
  readonly kind: "identity_failed";
  readonly error: unknown;
}
