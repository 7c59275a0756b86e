import type { Kysely, Transaction } from "kysely";
import type { IdentityTables } from "./schema/tables.ts";

/** The host's database with our tables, without the host's plugins and in our schema. */
export type IdentityDatabase = Kysely<IdentityTables>;

/** A transaction of the host's or of ours. Several use cases may share one. */
export type IdentityTransaction = Transaction<IdentityTables>;
