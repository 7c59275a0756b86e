import type { VenueCheck } from "@pincex/venue/verification";

const NAMES: Readonly<Record<VenueCheck["check"], string>> = {
  journal: "journal frames",
  replay: "replay",
  snapshots: "snapshots",
  sql_balances: "SQL balances",
  sql_entries: "SQL entries",
  sql_trades: "SQL trades",
  sql_orders: "SQL orders",
  sql_withdrawals: "SQL withdrawals",
  trial_balance: "trial balance",
  hash_chain: "hash chain",
};
const NAME_WIDTH = Math.max(...Object.values(NAMES).map(({ length }) => length));

/** What `pincex verify` prints of a check: a line, and one for each difference. */
export const verdictText = ({ check, ok, summary, findings }: VenueCheck): string => {
  const name = NAMES[check].padEnd(NAME_WIDTH);
  const differences = findings.map(({ where, finding }) => `    ${where}: ${finding}\n`);
  return `${ok ? "✓" : "✗"} ${name}  ${summary}\n${differences.join("")}`;
};
