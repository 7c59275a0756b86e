import { randomBytes } from "node:crypto";
import { link, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { randomId } from "../random-id.ts";
import type { KeyManagement } from "./key-management.ts";
import { freshNonce, KEY_BYTES, openBytes, sealBytes } from "./sealed-bytes.ts";

/** Key management by a file: what it needs is that nobody else reads the file and that it is never lost. */
export interface LocalKeyFile extends KeyManagement {
  /** Adds a key and makes it the current one. Answers its id. Other processes wrap by it at once. */
  rotate(): Promise<string>;
  /**
   * Removes a key for good: once `rewrapDataKeys` says that nothing remains. Throws a `RangeError` for the current key or an
   * unknown one.
   */
  retire(keyId: string): Promise<void>;
}

const keyFileSchema = z.strictObject({
  current: z.string(),
  keys: z.record(z.string(), z.base64().length(44)),
});

interface KeyRing {
  readonly current: string;
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/**
 * Keys in a file of ours: JSON, readable by its owner alone (mode 0600). The file is made with a first key if it isn't there; of
 * several processes that start at once, one makes it.
 *
 * Whoever loses this file has lost all personal data: keep a copy apart from the database's backups. Throws if others may
 * read it, or if it isn't such a file.
 *
 * @example
 * const keys = await localKeyFile("./identity.keys");
 */
export const localKeyFile = async (path: string): Promise<LocalKeyFile> => {
  await makeOnce(path);
  let ring = await readRing(path);
  const currentKeyId = async (): Promise<string> => {
    ring = await readRing(path);
    return ring.current;
  };
  const known = async (keyId: string): Promise<Uint8Array> => {
    if (!ring.keys.has(keyId)) ring = await readRing(path);
    const key = ring.keys.get(keyId);
    if (key === undefined) throw new RangeError(`expected a key of ${path}, was ${keyId}`);
    return key;
  };
  const change = (next: (ring: KeyRing) => KeyRing): Promise<void> =>
    alone(path, async () => {
      ring = next(await readRing(path));
      await replace(path, ring);
    });
  return {
    currentKeyId,
    async wrap(key, context) {
      const keyId = await currentKeyId();
      const blob = sealBytes(await known(keyId), freshNonce(randomBytes), context, key);
      return { keyId, blob };
    },
    async unwrap({ keyId, blob }, context) {
      return openBytes(await known(keyId), context, blob);
    },
    async rotate() {
      const added = freshKey();
      await change(({ keys }) => ({ current: added[0], keys: new Map([...keys, added]) }));
      return added[0];
    },
    async retire(keyId) {
      await change(({ current, keys }) => {
        if (keyId === current) throw new RangeError(`expected an older key, ${keyId} is current`);
        if (!keys.has(keyId)) throw new RangeError(`expected a key of ${path}, was ${keyId}`);
        return { current, keys: new Map([...keys].filter(([id]) => id !== keyId)) };
      });
    },
  };
};

const freshKey = (): readonly [string, Uint8Array] => [
  randomId("key", randomBytes),
  randomBytes(KEY_BYTES),
];

const readRing = async (path: string): Promise<KeyRing> => {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0 && process.platform !== "win32") {
    throw new RangeError(`expected ${path} to be readable by its owner alone (chmod 600)`);
  }
  const { current, keys } = parseRing(path, await readFile(path, "utf8"));
  const ring = new Map(Object.entries(keys).map(([id, key]) => [id, Buffer.from(key, "base64")]));
  if (!ring.has(current)) throw new RangeError(`expected ${path} to hold its current key`);
  return { current, keys: ring };
};

const parseRing = (path: string, text: string): z.infer<typeof keyFileSchema> => {
  try {
    return keyFileSchema.parse(JSON.parse(text));
  } catch {
    // Neither error is passed on: a parser's message quotes what it read.
    throw new RangeError(`expected ${path} to be a key file`);
  }
};

const makeOnce = async (path: string): Promise<void> => {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const first = freshKey();
  const draft = await writeDraft(path, { current: first[0], keys: new Map([first]) });
  try {
    // Unlike a rename, a link never replaces the file that another process made meanwhile.
    await link(draft, path);
    await syncFolder(path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    await rm(draft);
  }
};

const replace = async (path: string, ring: KeyRing): Promise<void> => {
  await rename(await writeDraft(path, ring), path);
  await syncFolder(path);
};

/** A whole file beside the real one, on the disk before it takes its place. */
const writeDraft = async (path: string, { current, keys }: KeyRing): Promise<string> => {
  const draft = `${path}.${randomId("new", randomBytes)}`;
  const encoded = [...keys].map(([id, key]) => [id, Buffer.from(key).toString("base64")]);
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(
      `${JSON.stringify({ current, keys: Object.fromEntries(encoded) }, null, 2)}\n`,
    );
    await file.sync();
  } finally {
    await file.close();
  }
  return draft;
};

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

/** Two rotations at once would each write the file without the other's key: whoever comes second is refused. */
const alone = async (path: string, act: () => Promise<void>): Promise<void> => {
  const lock = `${path}.lock`;
  const file = await open(lock, "wx", 0o600).catch((cause: unknown) => {
    if (!isCode(cause, "EEXIST")) throw cause;
    throw new Error(`${path} is being changed; if nobody does, remove ${lock}`, { cause });
  });
  try {
    await act();
  } finally {
    await file.close();
    await rm(lock);
  }
};

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;
