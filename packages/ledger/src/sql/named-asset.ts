import { type Kysely, sql } from "kysely";
import { DECIMALS_LIMIT } from "../amount.ts";
import type { ProjectedAsset } from "./projection-batch.ts";
import { isRowNumber, isText } from "./store-command.ts";

const CODE_LIMIT = 64;
const LAST_ASSET = 2 ** 31 - 1;

/** Writes what an asset is called, unless it is there. Throws a `RangeError` for what it can't be, or is not. */
export const insertNamedAsset = async <Database>(
  db: Kysely<Database>,
  schema: string,
  asset: ProjectedAsset,
): Promise<void> => {
  const { number, code, decimals } = asset;
  if (!isRowNumber(number) || number > LAST_ASSET) {
    throw new RangeError(`expected an asset's number, 1 to ${LAST_ASSET}, was ${number}`);
  }
  if (code === "" || !isText(code, CODE_LIMIT)) {
    throw new RangeError(`expected an asset's code of 1 to ${CODE_LIMIT} characters`);
  }
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > DECIMALS_LIMIT) {
    throw new RangeError(`expected 0 to ${DECIMALS_LIMIT} decimals, was ${decimals}`);
  }
  const table = sql.table(`${schema}.asset`);
  await sql`
    insert into ${table} (number, code, decimals)
    values (${number}::int4, ${code}::text, ${decimals}::int2)
    on conflict (number) do nothing`.execute(db);
  const { rows } = await sql<Omit<ProjectedAsset, "number">>`
    select code, decimals from ${table} where number = ${number}::int4`.execute(db);
  const [known] = rows;
  if (known?.code === code && known.decimals === decimals) return;
  throw new RangeError(
    `expected asset ${number} as it was named, ${known?.code} of ${known?.decimals} decimals, was ${code} of ${decimals}`,
  );
};
