import type { Entry, Posting } from "../entry.ts";
import { AMOUNT_BYTES, readAmount, writeAmount } from "./amount-field.ts";
import {
  LedgerRecordKind,
  numberAt,
  padded,
  type RecordViews,
  readHeader,
  wordAt,
  writeHeader,
} from "./record-views.ts";
import { readText, textLength, writeText } from "./text-field.ts";

// 0 header, count of postings · 8 number · 16 at · 24 booked at · 32 corrects · 40 bytes of kind, of key, of memo · 56 postings,
// then the texts
const NUMBER = 8;
const AT = 16;
const BOOKED_AT = 24;
const CORRECTS = 32;
const TEXT_LENGTHS = 40;
const POSTINGS = 56;
const POSTING_BYTES = 8 + 2 * AMOUNT_BYTES;

/** The bytes that an entry's record takes: a multiple of 8. */
export const entryLength = (entry: Entry): number =>
  POSTINGS +
  entry.postings.length * POSTING_BYTES +
  padded(textLength(entry.kind) + textLength(entry.key) + textLength(entry.memo));

/**
 * Writes an entry's record where `entryLength(entry)` zeroed bytes are reserved, and answers that length.
 *
 * @example
 * const offset = writer.reserve(entryLength(entry));
 * writeEntry(writer.views, offset, entry);
 */
export const writeEntry = (views: RecordViews, offset: number, entry: Entry): number => {
  const { postings, kind, key, memo } = entry;
  const kindLength = textLength(kind);
  const keyLength = textLength(key);
  const memoLength = textLength(memo);
  const texts = offset + POSTINGS + postings.length * POSTING_BYTES;
  const length = texts + padded(kindLength + keyLength + memoLength) - offset;

  writeHeader(views, offset, LedgerRecordKind.entry, length, postings.length);
  views.f64[(offset + NUMBER) >> 3] = entry.number;
  views.f64[(offset + AT) >> 3] = entry.at;
  views.f64[(offset + BOOKED_AT) >> 3] = entry.bookedAt;
  views.f64[(offset + CORRECTS) >> 3] = entry.corrects;
  views.i32[(offset + TEXT_LENGTHS) >> 2] = kindLength;
  views.i32[(offset + TEXT_LENGTHS + 4) >> 2] = keyLength;
  views.i32[(offset + TEXT_LENGTHS + 8) >> 2] = memoLength;

  let at = offset + POSTINGS;
  for (const posting of postings) {
    views.f64[at >> 3] = posting.account;
    writeAmount(views, at + 8, posting.amount);
    writeAmount(views, at + 8 + AMOUNT_BYTES, posting.balanceAfter);
    at += POSTING_BYTES;
  }
  writeText(views, texts, kind);
  writeText(views, texts + kindLength, key);
  writeText(views, texts + kindLength + keyLength, memo);
  return length;
};

/**
 * Visits the postings of the entry's record at an offset, with where the 16 bytes of the balance after each stand: for whoever
 * follows balances, and wants no entry.
 */
export const eachPosting = (
  views: RecordViews,
  offset: number,
  visit: (account: number, balanceAt: number) => void,
): void => {
  const end = offset + POSTINGS + wordAt(views, offset + 4) * POSTING_BYTES;
  for (let at = offset + POSTINGS; at < end; at += POSTING_BYTES) {
    visit(numberAt(views, at), at + 8 + AMOUNT_BYTES);
  }
};

/** Reads the entry's record at an offset. Throws a `RangeError` if no whole one stands there. */
export const decodeEntry = (views: RecordViews, offset: number): Entry => {
  const length = readHeader(views, offset, LedgerRecordKind.entry);
  const count = wordAt(views, offset + 4);
  const kindLength = wordAt(views, offset + TEXT_LENGTHS);
  const keyLength = wordAt(views, offset + TEXT_LENGTHS + 4);
  const memoLength = wordAt(views, offset + TEXT_LENGTHS + 8);
  const texts = offset + POSTINGS + count * POSTING_BYTES;
  const needed = texts + padded(kindLength + keyLength + memoLength) - offset;
  if (Math.min(count, kindLength, keyLength, memoLength) < 0 || needed !== length) {
    throw new RangeError(`expected an entry's record of ${needed} bytes, was ${length}`);
  }
  const postings: Posting[] = [];
  for (let at = offset + POSTINGS; at < texts; at += POSTING_BYTES) {
    postings.push({
      account: numberAt(views, at),
      amount: readAmount(views, at + 8),
      balanceAfter: readAmount(views, at + 8 + AMOUNT_BYTES),
    });
  }
  return {
    number: numberAt(views, offset + NUMBER),
    kind: readText(views, texts, kindLength),
    at: numberAt(views, offset + AT),
    bookedAt: numberAt(views, offset + BOOKED_AT),
    key: readText(views, texts + kindLength, keyLength),
    memo: readText(views, texts + kindLength + keyLength, memoLength),
    corrects: numberAt(views, offset + CORRECTS),
    postings,
  };
};
