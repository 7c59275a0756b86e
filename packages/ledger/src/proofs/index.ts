// What an outsider can check: that entries are as they were, and that what is owed to everybody counts what is owed to them.

export type { Stream } from "../stream.ts";
export { BlockSealer, proveEntry } from "./entry-blocks.ts";
export { type EntryGroup, entryLeaf, entrySeal, type Sha256 } from "./entry-seal.ts";
export {
  type BuiltLiabilities,
  buildLiabilityTree,
  type Liability,
  LiabilityTree,
  type LiabilityTreeOptions,
  liabilitiesOf,
} from "./liability-tree.ts";
export {
  type Finding,
  type StoredEntry,
  type Verification,
  type VerifyOptions,
  verifyEntries,
} from "./verify-entries.ts";
export {
  BLOCK_ENTRIES,
  type CanonicalEntry,
  canonicalEntry,
  type EntryBlock,
  type EntryProof,
  type EntryVerdict,
  PROOF_PREFIX,
  PROOF_VERSION,
  type ProvableCapture,
  type ProvableEntry,
  type ProvablePosting,
  verifyEntryProof,
} from "./verify-entry.ts";
export {
  type LiabilityClaim,
  type LiabilityCommitment,
  type LiabilityProof,
  type LiabilityVerdict,
  verifyLiability,
} from "./verify-liability.ts";
