import { type Account, accountKindOf, CHART_OF_ACCOUNTS } from "../account.ts";
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

// 0 header, asset · 8 account · 16 number of the kind, bytes of the owner · 24 the owner
const ACCOUNT = 8;
const KIND = 16;
const OWNER_LENGTH = 20;
const OWNER = 24;

/** The bytes that an opened account's record takes: a multiple of 8. */
export const accountOpenedLength = (account: Account): number =>
  OWNER + padded(textLength(account.owner));

/** Writes an opened account's record where `accountOpenedLength(account)` zeroed bytes are reserved; that length. */
export const writeAccountOpened = (
  views: RecordViews,
  offset: number,
  account: Account,
): number => {
  const ownerLength = textLength(account.owner);
  const length = OWNER + padded(ownerLength);
  writeHeader(views, offset, LedgerRecordKind.accountOpened, length, account.asset);
  views.f64[(offset + ACCOUNT) >> 3] = account.account;
  views.i32[(offset + KIND) >> 2] = CHART_OF_ACCOUNTS[account.kind].number;
  views.i32[(offset + OWNER_LENGTH) >> 2] = ownerLength;
  writeText(views, offset + OWNER, account.owner);
  return length;
};

/** Reads the opened account's record at an offset. Throws a `RangeError` if no whole one stands there. */
export const decodeAccountOpened = (views: RecordViews, offset: number): Account => {
  const length = readHeader(views, offset, LedgerRecordKind.accountOpened);
  const ownerLength = wordAt(views, offset + OWNER_LENGTH);
  if (ownerLength < 0 || OWNER + padded(ownerLength) !== length) {
    throw new RangeError(`expected an account's record of ${length} bytes, its owner doesn't fit`);
  }
  return {
    account: numberAt(views, offset + ACCOUNT),
    owner: readText(views, offset + OWNER, ownerLength),
    asset: wordAt(views, offset + 4),
    kind: accountKindOf(wordAt(views, offset + KIND)),
  };
};
