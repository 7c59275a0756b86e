import type { Kysely } from "kysely";
import type { Account, AccountKind, AccountOpening, AccountStatus } from "../account.ts";
import type { AccountOpened, Done, Posted, PostedLinked } from "../books.ts";
import type { Entry, EntryRequest } from "../entry.ts";
import type { EntryType } from "../entry-type.ts";
import type { Hold, HoldRequest } from "../hold.ts";
import type { AccountFigures, Ledger } from "../ledger.ts";
import type { Refusal } from "../refusal.ts";
import {
  type HistoryOptions,
  readBalanceAt,
  readStatement,
  type StatementOptions,
  type StatementPage,
} from "./account-history.ts";
import {
  type AccountBalance,
  accountNumber,
  accountOfNumber,
  correctionsOf,
  entryOfKey,
  entryOfNumber,
  holdOfId,
  openHoldsOf,
  readAllBalances,
  readSomeBalances,
} from "./ledger-lookup.ts";
import { insertNamedAsset } from "./named-asset.ts";
import { insertEntryType } from "./named-entry-type.ts";
import type { ProjectedAsset } from "./projection-batch.ts";
import {
  copyOfRequest,
  type Expired,
  type StoreCommand,
  type StoreOutcome,
} from "./store-command.ts";
import type { SqlHold } from "./store-rows.ts";

type Submit = (command: StoreCommand) => Promise<StoreOutcome>;

/** The most holds that expire in one transaction. */
const EXPIRIES = 1_000;

/**
 * The calls of `Books`, answered by SQL: the same results and the same refusals.
 *
 * A refusal is a value and changes nothing. A wrong type throws a `TypeError` or `RangeError`, and what isn't about the books, such as a
 * database that can't be reached, a `StoreFailure`.
 */
export class LedgerCalls<Database = unknown> implements Ledger {
  readonly #db: Kysely<Database>;
  readonly #schema: string;
  readonly #submit: Submit;

  /** @internal */
  constructor(db: Kysely<Database>, schema: string, submit: Submit) {
    this.#db = db;
    this.#schema = schema;
    this.#submit = submit;
  }

  /**
   * Tells readers of SQL what an asset is called and how many decimals it has (0 to 36). The books know it by its number only.
   *
   * Throws a `RangeError` if it has been told otherwise: figures would be read differently from then on.
   */
  async nameAsset(asset: ProjectedAsset): Promise<void> {
    await insertNamedAsset(this.#db, this.#schema, asset);
  }

  /**
   * Says how entries of a kind are rounded and who gets the dust, for everybody who posts to this ledger: the table `entry_type` shows it.
   * `TRADE` is there from the beginning. Throws a `RangeError` if that kind has been told otherwise.
   */
  async nameEntryType(type: EntryType): Promise<void> {
    await insertEntryType(this.#db, this.#schema, type);
  }

  /** Opens an account and numbers it. Refused as by `Books.openAccount`. */
  async openAccount(opening: AccountOpening): Promise<AccountOpened | Refusal> {
    return this.#ask<AccountOpened>({ act: "open", opening: { ...opening } });
  }

  /** Freezes an account, opens it again, or closes it for ever. Refused as by `Books.setStatus`. */
  async setStatus(account: number, status: AccountStatus): Promise<Done | Refusal> {
    return this.#ask<Done>({ act: "status", account, status });
  }

  /**
   * Posts an entry: all of its captures and postings, or nothing. Refused as by `Books.post`.
   *
   * A key stands for its entry for ever: the same key and body answers the original entry, another body is refused.
   */
  async post(request: EntryRequest): Promise<Posted | Refusal> {
    return this.#ask<Posted>({ act: "post", request: copyOfRequest(request) });
  }

  /** Posts entries one after the other, all of them or none. Refused as by `Books.postLinked`. */
  async postLinked(requests: readonly EntryRequest[]): Promise<PostedLinked | Refusal> {
    return this.#ask<PostedLinked>({ act: "linked", requests: requests.map(copyOfRequest) });
  }

  /** Reserves what is available on an account. Refused as by `Books.hold`. */
  async hold(request: HoldRequest): Promise<Done | Refusal> {
    return this.#ask<Done>({ act: "hold", request: { ...request } });
  }

  /** Leaves `to` of a hold and frees the rest; 0 ends it. Refused as by `Books.reduceHold`. */
  async reduceHold(id: number, to: bigint): Promise<Done | Refusal> {
    return this.#ask<Done>({ act: "reduce", id, to });
  }

  /** Frees a part of a hold, or all that is left of it, which ends it. Refused as by `Books.release`. */
  async release(id: number, amount?: bigint): Promise<Done | Refusal> {
    return this.#ask<Done>({ act: "release", id, amount });
  }

  /**
   * Frees and ends every hold that is due at a time, a thousand in a transaction. Answers them as they were, by (time they were
   * due, id). Safe to repeat: what has expired doesn't expire again.
   */
  async expireHolds(at: number): Promise<Hold[]> {
    const expired: Hold[] = [];
    for (let count = EXPIRIES; count >= EXPIRIES; ) {
      const { holds } = (await this.#submit({ act: "expire", at, most: EXPIRIES })) as Expired;
      expired.push(...holds);
      count = holds.length;
    }
    return expired.sort((one, other) => one.expiresAt - other.expiresAt || one.id - other.id);
  }

  /** What an account has now. Throws a `RangeError` if none of that number was opened. */
  async balance(account: number): Promise<AccountBalance> {
    const [balance] = await this.balancesOf([account]);
    return balance as AccountBalance;
  }

  /** What accounts have, all of one instant and in the order in which they were named. Throws a `RangeError` as `balance` does. */
  async balancesOf(accounts: readonly number[]): Promise<AccountBalance[]> {
    return readSomeBalances(this.#db, this.#schema, accounts);
  }

  /** What every account has, by number, all of one instant. */
  async balances(): Promise<AccountFigures[]> {
    return readAllBalances(this.#db, this.#schema);
  }

  /** What an account had at an instant, see `readBalanceAt`. */
  async balanceAt(
    account: number,
    at: number,
    options: Pick<HistoryOptions, "by"> = {},
  ): Promise<bigint> {
    return readBalanceAt(this.#db, account, at, { ...options, schema: this.#schema });
  }

  /** A page of an account's postings, see `readStatement`. */
  async statement(
    account: number,
    options: Omit<StatementOptions, "schema"> = {},
  ): Promise<StatementPage> {
    return readStatement(this.#db, account, { ...options, schema: this.#schema });
  }

  /** The number of the account of that name; 0 if there is none. */
  async accountOf(
    owner: string,
    asset: number,
    kind: AccountKind,
    { sub = "", place = "" }: Pick<AccountOpening, "sub" | "place"> = {},
  ): Promise<number> {
    return accountNumber(this.#db, this.#schema, { owner, asset, kind, sub, place });
  }

  /** The account of that number; undefined if there is none. */
  async account(account: number): Promise<Account | undefined> {
    return accountOfNumber(this.#db, this.#schema, account);
  }

  /** The entry of that number; undefined if there is none. */
  async entry(number: number): Promise<Entry | undefined> {
    return entryOfNumber(this.#db, this.#schema, number);
  }

  /** The entry that was posted with that key; undefined if none was. */
  async entryByKey(key: string): Promise<Entry | undefined> {
    return entryOfKey(this.#db, this.#schema, key);
  }

  /** The entries that correct one, in order. */
  async corrections(number: number): Promise<Entry[]> {
    return correctionsOf(this.#db, this.#schema, number);
  }

  /** The hold that has, or had last, that id; undefined if there was none. */
  async holdOf(id: number): Promise<SqlHold | undefined> {
    return holdOfId(this.#db, this.#schema, id);
  }

  /** The open holds on an account, by id. */
  async openHolds(account: number): Promise<Hold[]> {
    return openHoldsOf(this.#db, this.#schema, account);
  }

  async #ask<Outcome extends StoreOutcome>(command: StoreCommand): Promise<Outcome | Refusal> {
    return (await this.#submit(command)) as Outcome | Refusal;
  }
}
