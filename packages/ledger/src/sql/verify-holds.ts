import { type Kysely, sql } from "kysely";
import type { SqlBalance } from "./balances.ts";
import { holdChecksum } from "./hold-checksum.ts";
import { selectStoredHolds } from "./hold-rows.ts";
import type { StoredHold } from "./store-rows.ts";

/** Something about holds that isn't as it was written, and where. */
export type HoldFinding =
  /** Its checksum isn't that of the row. */
  | { readonly what: "hold_changed"; readonly hold: number }
  /** Entries captured from it, and it isn't there. */
  | { readonly what: "hold_missing"; readonly hold: number }
  /** More was captured from it than entries say. */
  | { readonly what: "captures_differ"; readonly hold: number }
  /** The checksums of the account's holds don't add up to what the row of `balance` says: a hold is missing, or is another one. */
  | { readonly what: "holds_differ"; readonly account: number }
  /** What the row of `balance` says is held isn't what open holds on the account add up to. */
  | { readonly what: "held_differs"; readonly account: number };

type Find = (finding: HoldFinding) => void;

/** Holds that are read at a time. */
const PAGE = 5_000;

/**
 * Reads the holds of a ledger that is posted to, a page at a time. (A copy of the books has no holds, only what they add up to: that is
 * for the journal to say.)
 *
 * An id may have had several holds, one after the other: the row is the last one's, captures are all of them.
 */
export const verifyHolds = async <Database>(
  db: Kysely<Database>,
  schema: string,
  balances: readonly SqlBalance[],
  find: Find,
): Promise<void> => {
  const laws = new HoldLaws(await capturedByHold(db, schema), find);
  let page: StoredHold[];
  let last = 0;
  do {
    const condition = sql`h.id > ${last}::int8 order by h.id limit ${PAGE}::int4`;
    page = await selectStoredHolds(db, schema, condition);
    for (const stored of page) laws.take(stored);
    last = page.at(-1)?.hold.id ?? last;
  } while (page.length === PAGE);
  laws.end(balances, await sumsOfHolds(db, schema));
};

/** What each account's row says that its holds' checksums add up to. */
const sumsOfHolds = async <Database>(
  db: Kysely<Database>,
  schema: string,
): Promise<Map<number, bigint>> => {
  const { rows } = await sql<Record<"account" | "holds", string>>`
    select b.account::text, b.holds::text from ${sql.table(`${schema}.balance`)} as b
    order by b.account`.execute(db);
  return new Map(rows.map(({ account, holds }) => [Number(account), BigInt(holds)]));
};

class HoldLaws {
  /** What entries captured, of holds that haven't been seen. */
  readonly #captured: Map<number, bigint>;
  readonly #held: Map<number, bigint> = new Map();
  readonly #checksums: Map<number, bigint> = new Map();
  readonly #find: Find;

  constructor(captured: Map<number, bigint>, find: Find) {
    this.#captured = captured;
    this.#find = find;
  }

  take({ hold, checksum }: StoredHold): void {
    const { id, account, state, opened, captured, released } = hold;
    const isChanged = checksum !== undefined && checksum !== holdChecksum(hold);
    const isUnknown = captured > (this.#captured.get(id) ?? 0n);
    if (isChanged) this.#find({ what: "hold_changed", hold: id });
    else if (isUnknown) this.#find({ what: "captures_differ", hold: id });
    this.#captured.delete(id);
    this.#checksums.set(account, (this.#checksums.get(account) ?? 0n) + BigInt(checksum ?? 0));
    if (state !== "open") return;
    this.#held.set(account, (this.#held.get(account) ?? 0n) + opened - captured - released);
  }

  end(balances: readonly SqlBalance[], sums: ReadonlyMap<number, bigint>): void {
    for (const id of this.#captured.keys()) this.#find({ what: "hold_missing", hold: id });
    for (const { account, held } of balances) {
      if (held === (this.#held.get(account) ?? 0n)) continue;
      this.#find({ what: "held_differs", account });
    }
    for (const [account, sum] of sums) {
      if (sum === (this.#checksums.get(account) ?? 0n)) continue;
      this.#find({ what: "holds_differ", account });
    }
  }
}

const capturedByHold = async <Database>(
  db: Kysely<Database>,
  schema: string,
): Promise<Map<number, bigint>> => {
  const { rows } = await sql<Record<"hold" | "sum", string>>`
    select c.hold::text, sum(c.amount)::text as sum
    from ${sql.table(`${schema}.capture`)} as c group by c.hold order by c.hold`.execute(db);
  return new Map(rows.map(({ hold, sum }) => [Number(hold), BigInt(sum)]));
};
