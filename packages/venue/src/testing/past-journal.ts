import { readFileSync } from "node:fs";
import { RecordWriter, recordKind, recordLength, recordViews } from "@pincex/engine";
import type { VenueCore } from "../core/venue-core.ts";
import { VenueEventKind } from "../events/event-record.ts";
import { Views } from "../views/views.ts";
import { BTC, MARKET, USDT } from "./core-under-test.ts";

/** What a venue had come to when its journal was kept, in words that every release understands. */
export interface PastOutcome {
  readonly rules: number;
  readonly trades: number;
  /** Balance and what is held, in smallest units, by account and asset. */
  readonly balances: Readonly<Record<string, readonly [balance: string, held: string]>>;
  readonly fees: Readonly<Record<string, string>>;
  /** Each open order as "id: remaining @ price". */
  readonly openOrders: readonly string[];
}

/** The commands of a venue that ran by a release of its time, and what came of them. */
export interface PastJournal {
  /** Each command as its time and its record, one after the other, in base64. */
  readonly commands: string;
  readonly outcome: PastOutcome;
}

export const readPastJournal = (name: string): PastJournal =>
  JSON.parse(readFileSync(new URL(`past-journals/${name}.json`, import.meta.url), "utf8"));

/** Applies the commands of a journal as a recovery does. */
export const replayed = (core: VenueCore, commands: Uint8Array): PastOutcome => {
  const views = new Views();
  const records = recordViews(commands);
  let trades = 0;
  for (let at = 0; at < commands.length; at += 8 + recordLength(records, at + 8)) {
    const out = new RecordWriter();
    core.apply(core.sequence + 1, records.f64[at >> 3] ?? 0, records, at + 8, out);
    trades += tradesAmong(out);
    views.apply(out.views, 0, out.length);
  }
  core.checkInvariants();
  return outcomeOf(core, views, trades);
};

const tradesAmong = ({ views, length }: RecordWriter): number => {
  let trades = 0;
  for (let at = 0; at < length; at += recordLength(views, at)) {
    if (recordKind(views, at) === VenueEventKind.tradeSettled) trades += 1;
  }
  return trades;
};

const outcomeOf = (core: VenueCore, views: Views, trades: number): PastOutcome => {
  const balances: Record<string, [string, string]> = {};
  for (const { account } of views.accounts()) {
    for (const { asset, balance, held } of views.balances(account)) {
      balances[`${account}/${asset}`] = [String(balance), String(held)];
    }
  }
  const { books, engine } = core;
  const earned = (asset: number): string =>
    String(books.balance(books.accountOf("venue", asset, "fees")));
  return {
    rules: core.rules,
    trades,
    balances,
    fees: { [BTC]: earned(BTC), [USDT]: earned(USDT) },
    openOrders: engine
      .openOrders(MARKET)
      .map(({ orderId, remaining, price }) => `${orderId}: ${remaining} @ ${price}`),
  };
};
