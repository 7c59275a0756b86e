import type { RedisReply } from "./redis-client.ts";

/** One entry of a Redis stream. */
export interface StreamEntry {
  readonly id: string;
  readonly fields: ReadonlyMap<string, Buffer>;
}

/** The entries that `XRANGE` and `XREVRANGE` answer with. */
export const entriesOf = (reply: RedisReply): StreamEntry[] =>
  listOf(reply).map((entry) => {
    const [id = null, words = null] = listOf(entry);
    return { id: textOf(id), fields: fieldsOf(words) };
  });

/** The entries that `XREAD` of one stream answers with: RESP 3 has a list of key and entries, RESP 2 a list around that. */
export const entriesRead = (reply: RedisReply): StreamEntry[] => {
  if (reply === null) return [];
  const [first = null, second = null] = listOf(reply);
  return entriesOf(Array.isArray(first) ? (first[1] ?? null) : second);
};

/** Names and values that follow one another. */
export const fieldsOf = (reply: RedisReply): Map<string, Buffer> => {
  const words = listOf(reply);
  const fields = new Map<string, Buffer>();
  for (let at = 0; at + 1 < words.length; at += 2) {
    const value = words[at + 1];
    if (Buffer.isBuffer(value)) fields.set(textOf(words[at] ?? null), value);
  }
  return fields;
};

/** The bytes of a field. Throws a `RangeError` where there is no such field: somebody else writes into the stream. */
export const fieldOf = ({ id, fields }: StreamEntry, name: string): Buffer => {
  const value = fields.get(name);
  if (value === undefined) throw new RangeError(`expected a field ${name} in the entry ${id}`);
  return value;
};

/** The first half of an entry's id: a sequence number, or the time at which Redis took it. */
export const idNumber = (id: string): number => Number(id.slice(0, id.indexOf("-")));

const listOf = (reply: RedisReply): readonly RedisReply[] => (Array.isArray(reply) ? reply : []);

const textOf = (reply: RedisReply): string =>
  Buffer.isBuffer(reply) ? reply.toString("latin1") : String(reply);
