import { join } from "node:path";
import { JournalLocked } from "../journal/journal-errors.ts";
import { type Beacon, type Machine, nodeMachine } from "./machine.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { readStart, writeAll } from "./segment.ts";

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
  /** Goes on with a higher epoch. Rejects with `JournalLocked` if another has that one. */
  raise(epoch: number): Promise<WriterLock>;
  /** Lets the next one in; the file stays, since it keeps the epoch. */
  release(): Promise<void>;
}

/** Takes the lock of a directory, or throws `JournalLocked` while its holder lives. */
export const acquireWriterLock = async (
  directory: string,
  machine: Machine = nodeMachine,
): Promise<WriterLock> => {
  const { disk, processes } = machine;
  const name = `writer-${processes.uniqueText().slice(0, 8)}.sock`;
  const identity = await disk.identityOf(directory);
  const beacon = await processes.lightBeacon(join(directory, name));
  const holder = {
    ...processes.self(),
    beacon: beacon === undefined ? "" : name,
    released: false,
    directory: identity,
  };
  const place = { machine, directory };
  try {
    const epoch = await takeOver(place, holder);
    return new LockFile(place, epoch, holder, beacon);
  } catch (error) {
    await beacon?.quench();
    throw error;
  }
};

/** Where a lock is. */
interface LockPlace {
  readonly machine: Machine;
  readonly directory: string;
}

class LockFile implements WriterLock {
  readonly epoch: number;
  readonly #place: LockPlace;
  readonly #holder: Holder;
  readonly #beacon: Beacon | undefined;

  constructor(place: LockPlace, epoch: number, holder: Holder, beacon: Beacon | undefined) {
    this.#place = place;
    this.epoch = epoch;
    this.#holder = holder;
    this.#beacon = beacon;
  }

  isHeld(): boolean {
    const { directory, machine } = this.#place;
    return machine.disk.exists(lockPath(directory, this.epoch));
  }

  async raise(epoch: number): Promise<WriterLock> {
    if (!(await writeAndLink(this.#place, epoch, this.#holder))) {
      const rival = await readHolder(this.#place, epoch);
      throw new JournalLocked(this.#place.directory, rival?.pid ?? 0);
    }
    await removeLocksBelow(this.#place, epoch);
    return new LockFile(this.#place, epoch, this.#holder, this.#beacon);
  }

  async release(): Promise<void> {
    const { directory, machine } = this.#place;
    try {
      if (!this.isHeld()) return;
      const draft = await writeDraft(this.#place, { ...this.#holder, released: true });
      await machine.disk.rename(draft, lockPath(directory, this.epoch));
    } finally {
      await this.#beacon?.quench();
    }
  }
}

const takeOver = async (place: LockPlace, holder: Holder): Promise<number> => {
  for (;;) {
    const ended = (await epochsOf(place)).at(-1) ?? 0;
    if (ended > 0) await refuseWhileHeld(place, ended);
    const epoch = ended + 1;
    if (!(await writeAndLink(place, epoch, holder))) continue;
    const rival = (await epochsOf(place)).some((other) => other > ended && other !== epoch);
    if (!rival) {
      await removeLocksBelow(place, epoch);
      return epoch;
    }
    // Someone took over from the same holder in the meantime and may already be gone from below.
    await place.machine.disk.remove(lockPath(place.directory, epoch));
  }
};

const refuseWhileHeld = async (place: LockPlace, epoch: number): Promise<void> => {
  const { directory, machine } = place;
  const { disk, processes } = machine;
  const holder = await readHolder(place, epoch);
  if (holder === undefined || holder.released) return;
  const state = processes.stateOf(holder);
  if (state === "gone") return;
  const isHere = holder.directory === (await disk.identityOf(directory));
  // A thread of this process may have taken it and died, while the process lives: its beacon knows.
  const certain = state === "running" && isHere && !isSame(holder, processes.self());
  if (!certain && holder.beacon !== "") {
    if (!(await processes.beaconAnswers(join(directory, holder.beacon)))) return;
  }
  throw new JournalLocked(directory, holder.pid);
};

const isSame = (one: ProcessIdentity, other: ProcessIdentity): boolean =>
  one.pid === other.pid &&
  one.startTime === other.startTime &&
  one.pidNamespace === other.pidNamespace;

/** False if the epoch has a holder already. */
const writeAndLink = async (place: LockPlace, epoch: number, holder: Holder): Promise<boolean> => {
  const { directory, machine } = place;
  const draft = await writeDraft(place, holder);
  try {
    await machine.disk.link(draft, lockPath(directory, epoch));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await machine.disk.remove(draft);
  }
};

const writeDraft = async (
  { directory, machine: { disk, processes } }: LockPlace,
  holder: Holder,
): Promise<string> => {
  const draft = join(directory, `lock-${processes.uniqueText()}.tmp`);
  const handle = await disk.open(draft, "wx");
  try {
    await writeAll(handle, new TextEncoder().encode(`${JSON.stringify(holder)}\n`), 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
};

const removeLocksBelow = async (place: LockPlace, epoch: number): Promise<void> => {
  const { directory, machine } = place;
  const { disk } = machine;
  for (const lower of await epochsOf(place)) {
    if (lower >= epoch) continue;
    const holder = await readHolder(place, lower);
    await disk.remove(lockPath(directory, lower));
    const own = holder?.beacon === (await readHolder(place, epoch))?.beacon;
    if (holder?.beacon && !own) await disk.remove(join(directory, holder.beacon));
  }
  await disk.syncDirectory(directory);
};

/** Undefined if the file is gone, or does not say: a power cut can leave it empty, and then nobody holds it. */
const readHolder = async (
  { directory, machine }: LockPlace,
  epoch: number,
): Promise<Holder | undefined> => {
  try {
    const bytes = await readStart(machine.disk, lockPath(directory, epoch));
    return JSON.parse(new TextDecoder().decode(bytes)) as Holder;
  } catch (error) {
    const vanished = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (vanished || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const lockPath = (directory: string, epoch: number): string =>
  join(directory, `epoch-${epoch}.lock`);

/** The epochs that have a lock, in order. */
const epochsOf = async ({ directory, machine }: LockPlace): Promise<number[]> =>
  (await machine.disk.names(directory))
    .flatMap((name) => /^epoch-(\d+)\.lock$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
