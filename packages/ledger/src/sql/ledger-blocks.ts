import { type Kysely, type RawBuilder, sql } from "kysely";
import { BlockSealer } from "../proofs/entry-blocks.ts";
import { entryLeaf, leafOfSeal } from "../proofs/entry-seal.ts";
import { BLOCK_ENTRIES, type EntryBlock } from "../proofs/verify-entry.ts";
import { byteaArray, numberArray } from "./array-literal.ts";
import { fromHexText } from "./hex.ts";
import { nativeSha256 } from "./native-sha256.ts";
import { readEntries } from "./read-entries.ts";
import { type SchemaOption, schemaName } from "./schema-name.ts";

/** The sealed blocks after one of them (0: all), in order. */
export async function* readBlocks<Database>(
  db: Kysely<Database>,
  { after = 0, ...options }: SchemaOption & { readonly after?: number } = {},
): AsyncGenerator<EntryBlock> {
  const schema = schemaName(options);
  const plain = db.withoutPlugins();
  for (let last = after; ; ) {
    const page = sql`where b.number > ${last}::int8 order by b.number limit ${PAGE}::int4`;
    const blocks = await selectBlocks(plain, schema, page);
    yield* blocks;
    if (blocks.length < PAGE) return;
    last = blocks.at(-1)?.number ?? last;
  }
}

const selectBlocks = async <Database>(
  db: Kysely<Database>,
  schema: string,
  which: RawBuilder<unknown>,
): Promise<EntryBlock[]> => {
  const { rows } = await sql<
    Record<"number" | "first" | "last" | "root" | "previous" | "hash", string>
  >`
    select b.number::text, b.first_entry::text as first, b.last_entry::text as last,
      encode(b.root, 'hex') as root, encode(b.previous, 'hex') as previous,
      encode(b.hash, 'hex') as hash
    from ${sql.table(`${schema}.ledger_block`)} as b ${which}`.execute(db);
  return rows.map(({ number, first, last, ...hashes }) => ({
    number: Number(number),
    first: Number(first),
    last: Number(last),
    ...hashes,
  }));
};

const PAGE = 1_000;

/**
 * Seals every block that is complete and not sealed yet, in the transaction that is given.
 *
 * `known` holds the seals of entries that were written just now, so that they needn't be read again.
 */
export const sealBlocks = async <Database>(
  transaction: Kysely<Database>,
  options: SchemaOption,
  known: ReadonlyMap<number, Uint8Array>,
): Promise<void> => {
  const schema = schemaName(options);
  const [head] = await selectBlocks(transaction, schema, sql`order by b.number desc limit 1`);
  const sealer = new BlockSealer(head, nativeSha256);
  const blocks: EntryBlock[] = [];
  const add = (leaf: Uint8Array): void => {
    const block = sealer.addLeaf(leaf);
    if (block !== undefined) blocks.push(block);
  };
  const [firstKnown = Number.POSITIVE_INFINITY] = known.keys();
  const after = sealer.nextEntry - 1;
  for await (const leaf of storedLeaves(transaction, schema, after, firstKnown)) {
    add(leaf);
    if (blocks.length >= PAGE) await insertBlocks(transaction, schema, blocks.splice(0));
  }
  for (const [number, seal] of known) if (number >= sealer.nextEntry) add(leafOfSeal(seal));
  if (blocks.length > 0) await insertBlocks(transaction, schema, blocks);
};

/** The leaves of entries between two numbers: from their seals, or for want of one from the entry. */
async function* storedLeaves<Database>(
  db: Kysely<Database>,
  schema: string,
  after: number,
  before: number,
): AsyncGenerator<Uint8Array> {
  const end = Math.min(before, 2 ** 53);
  let last = after;
  while (last + 1 < end) {
    const { rows } = await sql<{ number: string; leaf: string | null }>`
      select e.number::text, encode(substring(e.seal for 32), 'hex') as leaf
      from ${sql.table(`${schema}.entry`)} as e
      where e.number > ${last}::int8 and e.number < ${end}::int8
      order by e.number limit ${PAGE}::int4`.execute(db);
    for (const { number, leaf } of rows) {
      if (leaf !== null) yield fromHexText(leaf);
      else yield* leafOfEntry(db, schema, Number(number));
      last = Number(number);
    }
    if (rows.length < PAGE) return;
  }
}

async function* leafOfEntry<Database>(
  db: Kysely<Database>,
  schema: string,
  number: number,
): AsyncGenerator<Uint8Array> {
  for await (const entry of readEntries(db, { schema, after: number - 1, before: number + 1 })) {
    yield entryLeaf(entry, nativeSha256);
  }
}

/** Whether a block ends among these entries, which follow each other. */
export const completesBlock = (first: number, last: number): boolean =>
  Math.floor(last / BLOCK_ENTRIES) > Math.floor((first - 1) / BLOCK_ENTRIES);

const insertBlocks = async <Database>(
  transaction: Kysely<Database>,
  schema: string,
  blocks: readonly EntryBlock[],
): Promise<void> => {
  await sql`
    insert into ${sql.table(`${schema}.ledger_block`)}
      (number, first_entry, last_entry, root, previous, hash)
    select * from unnest(
      ${numberArray(blocks.map(({ number }) => number))}::text::int8[],
      ${numberArray(blocks.map(({ first }) => first))}::text::int8[],
      ${numberArray(blocks.map(({ last }) => last))}::text::int8[],
      ${byteaArray(blocks.map(({ root }) => fromHexText(root)))}::text::bytea[],
      ${byteaArray(blocks.map(({ previous }) => fromHexText(previous)))}::text::bytea[],
      ${byteaArray(blocks.map(({ hash }) => fromHexText(hash)))}::text::bytea[])`.execute(
    transaction,
  );
};
