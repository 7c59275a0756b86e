import { formatAmount } from "../amount.ts";
import type { Stream } from "../stream.ts";
import { isoTime } from "./csv.ts";
import {
  type EntryTime,
  type LedgerNames,
  NameTable,
  type ShownAccount,
  type ShownAsset,
  type ShownEntry,
  type ShownPosting,
  timeOf,
} from "./ledger-names.ts";

export interface JournalOptions {
  /** Which time gives an entry its day, in UTC: "bookedAt" unless told otherwise. */
  readonly by?: EntryTime;
}

/** Where accounts of a kind stand in a chart that begins with the five of plain text accounting. */
const ROOTS: Readonly<Record<string, string>> = {
  custody: "Assets",
  customer: "Liabilities",
  suspense: "Liabilities",
  pending_deposits: "Liabilities",
  pending_withdrawals: "Liabilities",
  fees: "Income",
  rounding: "Income",
  rebates: "Expenses",
};

/**
 * The name of an account in a journal: "Liabilities:Customer:3-alice". Its number makes it unique; of the owner's name what both
 * programs can read.
 */
export const journalAccount = ({ account, owner, kind, sub, place }: ShownAccount): string => {
  const words = kind.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const component = words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join("");
  const slug = [owner, sub, place]
    .flatMap((part) => (part ?? "").split(/[^A-Za-z0-9]+/))
    .filter((word) => word !== "")
    .join("-")
    .slice(0, 60);
  const last = slug === "" ? `${account}` : `${account}-${slug}`;
  return `${ROOTS[kind] ?? "Equity"}:${component === "" ? "Other" : component}:${last}`;
};

/** The name of an asset in a journal: its code if both programs can read it and no other asset has it, else "ASSET-7". */
export const journalCommodity = (
  { number, code }: ShownAsset,
  assets: readonly ShownAsset[],
): string => {
  const isReadable = /^[A-Z][A-Z0-9'._-]{0,21}[A-Z0-9]$/.test(code) && !code.startsWith("ASSET-");
  const isOnlyOne = assets.every((other) => other.number === number || other.code !== code);
  return isReadable && isOnlyOne ? code : `ASSET-${number}`;
};

/**
 * The entries as an hledger journal, in pieces that follow each other.
 *
 * Its signs are those of plain text accounting, the other way round than in the books: what we own is positive, what we owe
 * negative. Amounts have all of their asset's digits.
 */
export async function* hledgerJournal(
  entries: Stream<ShownEntry>,
  names: LedgerNames,
  { by = "bookedAt" }: JournalOptions = {},
): AsyncGenerator<string> {
  const table = new NameTable(names);
  yield "decimal-mark .\n";
  for (const asset of table.assets) {
    const { decimals } = asset;
    const sample = decimals === 0 ? "1000." : `1000.${"0".repeat(decimals)}`;
    yield `commodity ${sample} "${journalCommodity(asset, table.assets)}"  ; ${oneLine(asset.code)}\n`;
  }
  for (const account of table.accounts) {
    yield `account ${journalAccount(account)}  ; owner: ${oneLine(account.owner)}\n`;
  }
  for await (const entry of entries) {
    const day = dayOf(timeOf(entry, by));
    yield `\n${day} * (${entry.number}) ${oneLine(entry.kind).replaceAll(";", ",")}\n`;
    for (const [tag, value] of remarks(entry)) {
      if (value !== "") yield `    ; ${tag}: ${oneLine(value)}\n`;
    }
    for (const posting of entry.postings) {
      const { account, amount, commodity } = flipped(posting, table);
      yield `    ${account}  ${amount} "${commodity}"\n`;
    }
  }
}

/**
 * The entries as a beancount journal, in pieces that follow each other. The signs are those of `hledgerJournal`.
 *
 * Amounts have all of their asset's digits, because beancount guesses its tolerance from the shortest. It computes with 28 digits,
 * and bean-query prints 16: books with greater amounts belong into hledger.
 */
export async function* beancountJournal(
  entries: Stream<ShownEntry>,
  names: LedgerNames,
  { by = "bookedAt" }: JournalOptions = {},
): AsyncGenerator<string> {
  const table = new NameTable(names);
  for (const asset of table.assets) {
    const commodity = journalCommodity(asset, table.assets);
    yield `1970-01-01 commodity ${commodity}\n  code: ${quoted(asset.code)}\n`;
  }
  for (const account of table.accounts) {
    const commodity = journalCommodity(table.assetOf(account), table.assets);
    yield `1970-01-01 open ${journalAccount(account)} ${commodity}\n  owner: ${quoted(account.owner)}\n`;
  }
  for await (const entry of entries) {
    const day = dayOf(timeOf(entry, by));
    const corrected = entry.corrects === 0 ? "" : ` ^entry-${entry.corrects}`;
    yield `\n${day} * ${quoted(entry.kind)} ^entry-${entry.number}${corrected}\n`;
    for (const [tag, value] of remarks(entry)) {
      if (value !== "") yield `  ${tag}: ${quoted(value)}\n`;
    }
    for (const posting of entry.postings) {
      const { account, amount, commodity } = flipped(posting, table);
      yield `  ${account}  ${amount} ${commodity}\n`;
    }
  }
}

const flipped = (
  { account: number, amount }: ShownPosting,
  table: NameTable,
): { account: string; amount: string; commodity: string } => {
  const account = table.account(number);
  const asset = table.assetOf(account);
  return {
    account: journalAccount(account),
    amount: formatAmount(-amount, asset.decimals),
    commodity: journalCommodity(asset, table.assets),
  };
};

const remarks = (entry: ShownEntry): [tag: string, value: string][] => [
  ["time", isoTime(entry.at)],
  ["booked", isoTime(entry.bookedAt ?? entry.at)],
  ["key", entry.key],
  ["memo", entry.memo],
  ["corrects", entry.corrects === 0 ? "" : String(entry.corrects)],
];

/** Both programs know years of four digits only. */
const dayOf = (milliseconds: number): string => {
  const day = isoTime(milliseconds).slice(0, 10);
  if (/^\d{4}-/.test(day)) return day;
  throw new RangeError(`expected a year before 10,000, was ${isoTime(milliseconds)}`);
};

/** Comments end with their line. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ");

/** Line breaks would count towards the 64 lines that a text may have. */
const quoted = (text: string): string =>
  `"${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r")}"`;
