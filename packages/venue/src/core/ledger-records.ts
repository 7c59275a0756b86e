import type { RecordWriter } from "@pincex/engine";
import {
  type Account,
  accountOpenedLength,
  type Entry,
  entryLength,
  writeAccountOpened,
  writeEntry,
} from "@pincex/ledger";

/** Puts the ledger's own records into the venue's stream, as the ledger writes them. */
export const appendEntry = (out: RecordWriter, entry: Entry): void => {
  const offset = out.reserve(entryLength(entry));
  writeEntry(out.views, offset, entry);
};

export const appendLedgerAccount = (out: RecordWriter, account: Account): void => {
  const offset = out.reserve(accountOpenedLength(account));
  writeAccountOpened(out.views, offset, account);
};
