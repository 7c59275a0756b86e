import type { ViewSnapshot } from "../bus/view-snapshots.ts";
import { bufferOf, bytesOf, call, type RedisArgument, type RedisClient } from "./redis-client.ts";
import { fieldsOf } from "./stream-entry.ts";

const SEQUENCE = "sequence";
const SECTION = "view:";

/** Keeps a snapshot in the place of the one before, in one step. */
export const keepSnapshot = async (
  redis: RedisClient,
  key: string,
  { sequence, sections }: ViewSnapshot,
): Promise<void> => {
  const words: RedisArgument[] = [SEQUENCE, `${sequence}`];
  for (const [name, bytes] of sections) words.push(`${SECTION}${name}`, bufferOf(bytes));
  await call(redis, "HSET", key, ...words);
};

/** Sequence number of the snapshot that is kept; 0 if there is none. */
export const keptSequence = async (redis: RedisClient, key: string): Promise<number> =>
  Number(String((await call(redis, "HGET", key, SEQUENCE)) ?? 0));

export const readSnapshot = async (
  redis: RedisClient,
  key: string,
): Promise<ViewSnapshot | undefined> => {
  const fields = fieldsOf(await call(redis, "HGETALL", key));
  const sequence = fields.get(SEQUENCE);
  if (sequence === undefined) return undefined;
  const sections = new Map<string, Uint8Array>();
  for (const [name, bytes] of fields) {
    if (name.startsWith(SECTION)) sections.set(name.slice(SECTION.length), bytesOf(bytes));
  }
  return { sequence: Number(String(sequence)), sections };
};
