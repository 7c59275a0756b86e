import {
  ACCOUNT_BOUNDS,
  ACCOUNT_STATUSES,
  type Account,
  accountBoundOf,
  accountKindOf,
  accountStatusOf,
  CHART_OF_ACCOUNTS,
} from "../account.ts";
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

// 0 header, asset · 8 account · 16 kind, bound and status in a byte each, bytes of the owner · 24 of the sub-account, of the place
// · 32 the texts
const ACCOUNT = 8;
const CLASS = 16;
const OWNER_LENGTH = 20;
const SUB_LENGTH = 24;
const PLACE_LENGTH = 28;
const TEXTS = 32;

/** The bytes that an opened account's record takes: a multiple of 8. */
export const accountOpenedLength = ({ owner, sub, place }: Account): number =>
  TEXTS + padded(textLength(owner) + textLength(sub) + textLength(place));

/** Writes an opened account's record where `accountOpenedLength(account)` zeroed bytes are reserved; that length. */
export const writeAccountOpened = (
  views: RecordViews,
  offset: number,
  account: Account,
): number => {
  const { owner, sub, place } = account;
  const ownerLength = textLength(owner);
  const subLength = textLength(sub);
  const placeLength = textLength(place);
  const length = TEXTS + padded(ownerLength + subLength + placeLength);
  writeHeader(views, offset, LedgerRecordKind.accountOpened, length, account.asset);
  views.f64[(offset + ACCOUNT) >> 3] = account.account;
  views.i32[(offset + CLASS) >> 2] = classOf(account);
  views.i32[(offset + OWNER_LENGTH) >> 2] = ownerLength;
  views.i32[(offset + SUB_LENGTH) >> 2] = subLength;
  views.i32[(offset + PLACE_LENGTH) >> 2] = placeLength;
  writeText(views, offset + TEXTS, owner);
  writeText(views, offset + TEXTS + ownerLength, sub);
  writeText(views, offset + TEXTS + ownerLength + subLength, place);
  return length;
};

/** Reads the opened account's record at an offset. Throws a `RangeError` if no whole one stands there. */
export const decodeAccountOpened = (views: RecordViews, offset: number): Account => {
  const length = readHeader(views, offset, LedgerRecordKind.accountOpened);
  const ownerLength = wordAt(views, offset + OWNER_LENGTH);
  const subLength = wordAt(views, offset + SUB_LENGTH);
  const placeLength = wordAt(views, offset + PLACE_LENGTH);
  const needed = TEXTS + padded(ownerLength + subLength + placeLength);
  if (Math.min(ownerLength, subLength, placeLength) < 0 || needed !== length) {
    throw new RangeError(`expected an account's record of ${needed} bytes, was ${length}`);
  }
  return {
    account: numberAt(views, offset + ACCOUNT),
    owner: readText(views, offset + TEXTS, ownerLength),
    sub: readText(views, offset + TEXTS + ownerLength, subLength),
    asset: wordAt(views, offset + 4),
    place: readText(views, offset + TEXTS + ownerLength + subLength, placeLength),
    ...accountClassOf(wordAt(views, offset + CLASS)),
  };
};

/** An account's kind, bound and status in one word, as records and snapshots have it. */
export const classOf = ({ kind, bound, status }: AccountClass): number =>
  CHART_OF_ACCOUNTS[kind].number |
  (ACCOUNT_BOUNDS.indexOf(bound) << 8) |
  (ACCOUNT_STATUSES.indexOf(status) << 16);

export const accountClassOf = (word: number): AccountClass => ({
  kind: accountKindOf(word & 0xff),
  bound: accountBoundOf((word >> 8) & 0xff),
  status: accountStatusOf(word >> 16),
});

type AccountClass = Pick<Account, "kind" | "bound" | "status">;
