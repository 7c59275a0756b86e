import type { Account } from "./account.ts";
import type { Capture } from "./entry.ts";
import { HOLD_KINDS, type Hold } from "./hold.ts";
import { HOLD_BYTES, type HoldTable } from "./hold-table.ts";
import { accountClassOf, classOf } from "./record/account-record.ts";
import { AMOUNT_BYTES, readAmount, writeAmount } from "./record/amount-field.ts";
import { decodeEntry, entryLength, writeEntry } from "./record/entry-record.ts";
import { numberAt, padded, type RecordViews, wordAt } from "./record/record-views.ts";
import { readText, textLength, writeText } from "./record/text-field.ts";
import type { RememberedEntry } from "./remembered-entries.ts";

/** Everything that the books are, and nothing that follows from it. */
export interface BooksState {
  readonly nextEntry: number;
  /** By number, from 1 without a gap. */
  readonly accounts: readonly (Account & { readonly balance: bigint })[];
  /** By id. */
  readonly holds: readonly Hold[];
  /** In the order of posting. */
  readonly remembered: readonly RememberedEntry[];
}

/** "PXBK" in little-endian, then the version. */
const MAGIC = 0x4b42_5850;
const VERSION = 2;

// 0 magic, version · 8 next entry · 16 count of accounts · 24 of holds · 32 of remembered entries · 40 the rows, in that order
const HEADER = 40;
// 0 asset; kind, bound and status · 8 bytes of the owner, of the sub-account · 16 of the place · 24 balance · 40 the texts
const ACCOUNT_BYTES = 24 + AMOUNT_BYTES;
// 0 hold · 8 amount; before the first their count, and before that the entry's record
const CAPTURE_BYTES = 8 + AMOUNT_BYTES;

/** The same where the books have it. */
export interface LiveBooks extends Omit<BooksState, "holds"> {
  readonly holds: HoldTable;
}

const lengthOf = ({ accounts, holds, remembered }: LiveBooks): number => {
  let length = HEADER + holds.size * HOLD_BYTES;
  for (const { owner, sub, place } of accounts) {
    length += ACCOUNT_BYTES + padded(textLength(owner) + textLength(sub) + textLength(place));
  }
  for (const { entry, captures } of remembered) {
    length += entryLength(entry) + 8 + captures.length * CAPTURE_BYTES;
  }
  return length;
};

const viewsOf = (buffer: ArrayBuffer): RecordViews => ({
  bytes: new Uint8Array(buffer),
  i32: new Int32Array(buffer),
  f64: new Float64Array(buffer),
});

/** Writes the state. Equal states give equal bytes. */
export const writeBooks = (state: LiveBooks): Uint8Array => {
  const views = viewsOf(new ArrayBuffer(lengthOf(state)));
  const { i32, f64 } = views;
  i32[0] = MAGIC;
  i32[1] = VERSION;
  f64[1] = state.nextEntry;
  f64[2] = state.accounts.length;
  f64[3] = state.holds.size;
  f64[4] = state.remembered.length;
  let at = HEADER;
  for (const account of state.accounts) at += writeAccount(views, at, account);
  state.holds.write(views, at);
  at += state.holds.size * HOLD_BYTES;
  for (const { entry, captures } of state.remembered) {
    at += writeEntry(views, at, entry);
    f64[at >> 3] = captures.length;
    at += 8;
    for (const { hold, amount } of captures) {
      f64[at >> 3] = hold;
      writeAmount(views, at + 8, amount);
      at += CAPTURE_BYTES;
    }
  }
  return views.bytes;
};

const writeAccount = (
  views: RecordViews,
  at: number,
  account: BooksState["accounts"][number],
): number => {
  const { owner, sub, place, asset, balance } = account;
  const ownerLength = textLength(owner);
  const subLength = textLength(sub);
  const placeLength = textLength(place);
  const texts = at + ACCOUNT_BYTES;
  views.i32[at >> 2] = asset;
  views.i32[(at >> 2) + 1] = classOf(account);
  views.i32[(at >> 2) + 2] = ownerLength;
  views.i32[(at >> 2) + 3] = subLength;
  views.i32[(at >> 2) + 4] = placeLength;
  writeAmount(views, at + 24, balance);
  writeText(views, texts, owner);
  writeText(views, texts + ownerLength, sub);
  writeText(views, texts + ownerLength + subLength, place);
  return ACCOUNT_BYTES + padded(ownerLength + subLength + placeLength);
};

/** Reads the state back. Throws a `RangeError` for bytes that are no books, or those of another version. */
export const readBooks = (bytes: Uint8Array): BooksState => {
  if (bytes.length < HEADER || bytes.length % 8 !== 0) {
    throw new RangeError(`expected a snapshot of books, were ${bytes.length} bytes`);
  }
  return new BooksReader(bytes).read();
};

class BooksReader {
  readonly #views: RecordViews;
  #at = 0;

  /** The bytes are copied: they may lie anywhere in a bigger buffer. */
  constructor(bytes: Uint8Array) {
    this.#views = viewsOf(bytes.slice().buffer);
  }

  read(): BooksState {
    const magic = this.#word();
    const version = this.#word();
    if (magic !== MAGIC) throw new RangeError("expected a snapshot of books, was something else");
    if (version !== VERSION) throw new RangeError(`expected version ${VERSION}, was ${version}`);
    const nextEntry = this.#number();
    const accountCount = this.#number();
    const holdCount = this.#number();
    const rememberedCount = this.#number();
    const state: BooksState = {
      nextEntry,
      accounts: this.#rows(accountCount, (index) => this.#account(index + 1)),
      holds: this.#rows(holdCount, () => this.#hold()),
      remembered: this.#rows(rememberedCount, () => this.#remembered()),
    };
    if (this.#at !== this.#views.bytes.length) {
      throw new RangeError(`expected the end of the books at byte ${this.#at}`);
    }
    return state;
  }

  #rows<Row>(count: number, row: (index: number) => Row): Row[] {
    const rows: Row[] = [];
    for (let index = 0; index < count; index++) rows.push(row(index));
    return rows;
  }

  #account(account: number): BooksState["accounts"][number] {
    const asset = this.#word();
    const accountClass = accountClassOf(this.#word());
    const ownerLength = this.#word();
    const subLength = this.#word();
    const placeLength = this.#word();
    this.#word();
    const balance = this.#amount();
    const at = this.#advance(padded(ownerLength + subLength + placeLength));
    return {
      account,
      owner: readText(this.#views, at, ownerLength),
      sub: readText(this.#views, at + ownerLength, subLength),
      asset,
      place: readText(this.#views, at + ownerLength + subLength, placeLength),
      ...accountClass,
      balance,
    };
  }

  #hold(): Hold {
    const id = this.#number();
    const account = this.#word();
    const kind = HOLD_KINDS[this.#word() - 1];
    if (kind === undefined) throw new RangeError("expected the number of a kind of hold");
    const expiresAt = this.#number();
    return { id, account, kind, expiresAt, amount: this.#amount() };
  }

  #remembered(): RememberedEntry {
    const entry = decodeEntry(this.#views, this.#at);
    this.#advance(entryLength(entry));
    const captures = this.#rows<Capture>(this.#number(), () => ({
      hold: this.#number(),
      amount: this.#amount(),
    }));
    return { entry, captures };
  }

  #word(): number {
    return wordAt(this.#views, this.#advance(4));
  }

  #number(): number {
    return numberAt(this.#views, this.#advance(8));
  }

  #amount(): bigint {
    return readAmount(this.#views, this.#advance(AMOUNT_BYTES));
  }

  #advance(bytes: number): number {
    const at = this.#at;
    if (bytes < 0 || at + bytes > this.#views.bytes.length) {
      throw new RangeError("expected more bytes of books: they end within a row");
    }
    this.#at = at + bytes;
    return at;
  }
}
