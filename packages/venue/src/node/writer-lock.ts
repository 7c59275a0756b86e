import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { link, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import type { Server } from "node:net";
import { join } from "node:path";
import { JournalLocked } from "../journal/journal-errors.ts";
import { beaconAnswers, lightBeacon, quenchBeacon } from "./beacon.ts";
import { syncDirectory } from "./durable-directory.ts";
import { type ProcessIdentity, processState, thisProcess } from "./process-identity.ts";

/** Who holds a lock, as it stands in its file. */
interface Holder extends ProcessIdentity {
  /** Name of the socket in the directory that answers while the holder lives; empty if it could make none. */
  readonly beacon: string;
  readonly released: boolean;
  /** Device and number of the directory: in a copy of it, the lock means nothing. */
  readonly directory: string;
}

/**
 * The right to write to a directory, held by one process.
 *
 * Node.js has no `flock`, so the lock is a file, and the number in its name is the epoch: `epoch-7.lock` says who writes
 * in epoch 7. The highest is the one that counts. Whoever finds its holder gone makes the next one, with a link that only
 * one can win, and removes those below; a number is therefore never given twice, and no lock is ever taken out of the
 * hands of someone who just took it over. A writer that was replaced in spite of all that finds its file gone.
 */
export interface WriterLock {
  readonly epoch: number;
  /** Whether nobody has replaced this writer. */
  isHeld(): boolean;
  /** Goes on with a higher epoch. */
  raise(epoch: number): Promise<WriterLock>;
  /** Lets the next one in; the file stays, since it keeps the epoch. */
  release(): Promise<void>;
}

/** Takes the lock of a directory, or throws `JournalLocked` while its holder lives. */
export const acquireWriterLock = async (directory: string): Promise<WriterLock> => {
  const name = `writer-${randomUUID().slice(0, 8)}.sock`;
  const beacon = await lightBeacon(join(directory, name));
  const holder = {
    ...thisProcess(),
    beacon: beacon === undefined ? "" : name,
    released: false,
    directory: await identityOf(directory),
  };
  try {
    const epoch = await takeOver(directory, holder);
    return new LockFile(directory, epoch, holder, beacon);
  } catch (error) {
    await quenchBeacon(beacon);
    throw error;
  }
};

class LockFile implements WriterLock {
  readonly epoch: number;
  readonly #directory: string;
  readonly #holder: Holder;
  readonly #beacon: Server | undefined;

  constructor(directory: string, epoch: number, holder: Holder, beacon: Server | undefined) {
    this.#directory = directory;
    this.epoch = epoch;
    this.#holder = holder;
    this.#beacon = beacon;
  }

  isHeld(): boolean {
    // Synchronous: the file is in the kernel's cache, and a trip to the thread pool would cost ten times as much.
    return existsSync(lockPath(this.#directory, this.epoch));
  }

  async raise(epoch: number): Promise<WriterLock> {
    await writeAndLink(this.#directory, epoch, this.#holder);
    await removeLocksBelow(this.#directory, epoch);
    return new LockFile(this.#directory, epoch, this.#holder, this.#beacon);
  }

  async release(): Promise<void> {
    if (this.isHeld()) {
      const draft = await writeDraft(this.#directory, { ...this.#holder, released: true });
      await rename(draft, lockPath(this.#directory, this.epoch));
    }
    await quenchBeacon(this.#beacon);
  }
}

const takeOver = async (directory: string, holder: Holder): Promise<number> => {
  for (;;) {
    const ended = (await epochsOf(directory)).at(-1) ?? 0;
    if (ended > 0) await refuseWhileHeld(directory, ended);
    const epoch = ended + 1;
    if (!(await writeAndLink(directory, epoch, holder))) continue;
    const rival = (await epochsOf(directory)).some((other) => other > ended && other !== epoch);
    if (!rival) {
      await removeLocksBelow(directory, epoch);
      return epoch;
    }
    // Someone took over from the same holder in the meantime and may already be gone from below.
    await rm(lockPath(directory, epoch), { force: true });
  }
};

const refuseWhileHeld = async (directory: string, epoch: number): Promise<void> => {
  const holder = await readHolder(directory, epoch);
  if (holder === undefined || holder.released) return;
  const state = processState(holder);
  if (state === "gone") return;
  const certain = state === "running" && holder.directory === (await identityOf(directory));
  if (!certain && holder.beacon !== "") {
    if (!(await beaconAnswers(join(directory, holder.beacon)))) return;
  }
  throw new JournalLocked(directory, holder.pid);
};

/** False if the epoch has a holder already. */
const writeAndLink = async (directory: string, epoch: number, holder: Holder): Promise<boolean> => {
  const draft = await writeDraft(directory, holder);
  try {
    await link(draft, lockPath(directory, epoch));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
};

const writeDraft = async (directory: string, holder: Holder): Promise<string> => {
  const draft = join(directory, `lock-${randomUUID()}.tmp`);
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(holder)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
};

const removeLocksBelow = async (directory: string, epoch: number): Promise<void> => {
  for (const lower of await epochsOf(directory)) {
    if (lower >= epoch) continue;
    const holder = await readHolder(directory, lower);
    await rm(lockPath(directory, lower), { force: true });
    const own = holder?.beacon === (await readHolder(directory, epoch))?.beacon;
    if (holder?.beacon && !own) await rm(join(directory, holder.beacon), { force: true });
  }
  await syncDirectory(directory);
};

/** Undefined if the file is gone, or does not say: a power cut can leave it empty, and then nobody holds it. */
const readHolder = async (directory: string, epoch: number): Promise<Holder | undefined> => {
  try {
    return JSON.parse(await readFile(lockPath(directory, epoch), "utf8")) as Holder;
  } catch (error) {
    const vanished = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (vanished || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const lockPath = (directory: string, epoch: number): string =>
  join(directory, `epoch-${epoch}.lock`);

const identityOf = async (directory: string): Promise<string> => {
  const { dev, ino } = await stat(directory, { bigint: true });
  return `${dev}:${ino}`;
};

/** The epochs that have a lock, in order. */
const epochsOf = async (directory: string): Promise<number[]> =>
  (await readdir(directory))
    .flatMap((name) => /^epoch-(\d+)\.lock$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
