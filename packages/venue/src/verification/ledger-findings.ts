import type { LedgerFinding } from "@pincex/ledger/sql";
import type { VenueFinding } from "./venue-check.ts";

/** A finding of the ledger, said as the others are: which row, and what is wrong with it. */
export const ledgerFinding = ({ what, ...numbers }: LedgerFinding): VenueFinding => ({
  where: Object.entries(numbers)
    .map(([name, number]) => `${name} ${number}`)
    .join(", "),
  finding: what.replaceAll("_", " "),
});
