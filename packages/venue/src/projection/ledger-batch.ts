import { type RecordViews, recordKind, recordLength, recordViews } from "@pincex/engine";
import { decodeAccountOpened, decodeEntry, LedgerRecordKind } from "@pincex/ledger";
import type {
  ProjectedAccount,
  ProjectedAsset,
  ProjectedEntry,
  ProjectedHeld,
  ProjectionBatch,
} from "@pincex/ledger/sql";
import { appliedSequence } from "../events/applied.ts";
import { VenueEventKind } from "../events/event-record.ts";
import { readHeld } from "../events/held.ts";
import { readAssetAdded } from "../events/registered.ts";
import { readWithdrawalEnded, readWithdrawalHeld } from "../events/withdrawal.ts";

/** What the books did, in the venue's events of the commands after `from` up to `to`. */
export const ledgerBatch = (events: Uint8Array, from: number, to: number): ProjectionBatch => {
  const batch = new LedgerBatch(from, to);
  const views = recordViews(events);
  let sequence = from;
  for (let offset = 0; offset < events.length; offset += recordLength(views, offset)) {
    const kind = recordKind(views, offset);
    if (kind === VenueEventKind.applied) sequence = appliedSequence(views, offset);
    else if (sequence > from && sequence <= to) batch.add(views, offset, kind, sequence);
  }
  return batch;
};

class LedgerBatch implements ProjectionBatch {
  readonly from: number;
  readonly to: number;
  readonly assets: ProjectedAsset[] = [];
  readonly accounts: ProjectedAccount[] = [];
  readonly entries: ProjectedEntry[] = [];
  readonly held: ProjectedHeld[] = [];

  constructor(from: number, to: number) {
    this.from = from;
    this.to = to;
  }

  add(views: RecordViews, offset: number, kind: number, sequence: number): void {
    switch (kind) {
      case LedgerRecordKind.entry:
        this.entries.push({ sequence, entry: decodeEntry(views, offset) });
        break;
      case LedgerRecordKind.accountOpened: {
        const { account: number, ...opening } = decodeAccountOpened(views, offset);
        this.accounts.push({ number, ...opening });
        break;
      }
      case VenueEventKind.assetAdded: {
        const { asset: number, code, decimals } = readAssetAdded(views, offset);
        this.assets.push({ number, code, decimals });
        break;
      }
      case VenueEventKind.held: {
        const { ledgerAccount: account, total: held } = readHeld(views, offset);
        this.held.push({ account, held });
        break;
      }
      case VenueEventKind.withdrawalHeld: {
        const { ledgerAccount: account, total: held } = readWithdrawalHeld(views, offset);
        this.held.push({ account, held });
        break;
      }
      case VenueEventKind.withdrawalEnded: {
        const { ledgerAccount: account, total: held } = readWithdrawalEnded(views, offset);
        this.held.push({ account, held });
        break;
      }
    }
  }
}
