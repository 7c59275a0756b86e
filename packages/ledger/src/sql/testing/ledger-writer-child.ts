import { writeSync } from "node:fs";
import { Kysely } from "kysely";
import { Pool } from "pg";
import { LedgerStore, postgresDialect } from "../index.ts";
import { makePayments, pay } from "./ledger-traffic.ts";

// Makes payments until it is killed, and says of each one that was acknowledged which entry it is.
const [connectionString = "", schema = "", from = "1"] = process.argv.slice(2);
const dialect = postgresDialect(new Pool({ connectionString }));
const store = new LedgerStore(new Kysely<unknown>({ dialect }), { schema });

const payAndTell = async (n: number): Promise<void> => {
  const paid = await pay(store, n);
  writeSync(1, `${n} ${paid.ok ? paid.entry.number : paid.code}\n`);
};
await makePayments(Number(from), payAndTell, () => false);
