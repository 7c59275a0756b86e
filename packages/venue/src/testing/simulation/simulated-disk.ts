import { basename, dirname } from "node:path";
import type { Disk, DiskFile, OpenMode } from "../../node/disk.ts";
import type { Dice } from "./dice.ts";
import type { Owner, Scheduler } from "./scheduler.ts";
import { SimulatedFile } from "./simulated-file.ts";

/** A change of names that a power cut may undo: all of it or nothing. */
interface NameChange {
  readonly directories: readonly Directory[];
  readonly apply: (namesOf: (directory: Directory) => Map<string, SimulatedFile>) => void;
}

interface Directory {
  readonly path: string;
  /** Names on different devices can't be exchanged. */
  readonly device: number;
  readonly seen: Map<string, SimulatedFile>;
  kept: Map<string, SimulatedFile>;
}

/** Something that was asked of the disk and is not answered yet. */
interface Operation {
  readonly owner: Owner | undefined;
  /** What it does, of which `share` is done. */
  readonly perform: (share: number) => void;
}

/** Asks the disk for something that takes so long as a rule; resolves when it is done. */
type Doing = (what: string, typicalMs: number, perform: (share: number) => void) => Promise<void>;

/** How a disk behaves. Probabilities are of each operation. */
export interface DiskManners {
  syncMs: number;
  /** Of a synchronization that takes a hundred times as long. */
  stall: number;
  failToSync: number;
  failToWrite: number;
  failToRead: number;
  /** Nothing can grow; what is allocated can be written over. */
  full: boolean;
  /** Nothing can be changed. */
  readOnly: boolean;
}

/**
 * A disk with a cache. What was written is seen by all at once, and is there after a power cut only if it was synced; of
 * anything else, any part may be there. Operations take time and come to an end in any order.
 */
export class SimulatedDisk {
  readonly manners: DiskManners = {
    syncMs: 1,
    stall: 0,
    failToSync: 0,
    failToWrite: 0,
    failToRead: 0,
    full: false,
    readOnly: false,
  };
  readonly #scheduler: Scheduler;
  readonly #dice: Dice;
  readonly #directories = new Map<string, Directory>();
  readonly #operations = new Set<Operation>();
  #changes: NameChange[] = [];

  constructor(scheduler: Scheduler, dice: Dice) {
    this.#scheduler = scheduler;
    this.#dice = dice;
  }

  /** The disk as one process has it. Nothing is answered after its death. */
  seenBy(owner: Owner): Disk {
    const { manners } = this;
    const doing = this.#doing(owner);
    const quick = (what: string, perform: () => void): Promise<void> => doing(what, 0.05, perform);
    return {
      open: async (path, mode) => {
        let file: SimulatedFile | undefined;
        await quick(`open ${basename(path)}`, () => {
          file = this.#opened(path, mode);
        });
        return this.#handle(doing, path, file as SimulatedFile);
      },
      names: async (directory) => {
        let names: string[] = [];
        await quick(`list ${directory}`, () => {
          if (this.#dice.chance(manners.failToRead)) throw failure("EIO");
          names = [...this.#directory(directory).seen.keys()];
        });
        return names;
      },
      exists: (path) => this.file(path) !== undefined,
      rename: (from, to) => quick(`rename to ${basename(to)}`, () => this.#rename(from, to)),
      link: (existing, path) => quick(`link ${basename(path)}`, () => this.#link(existing, path)),
      remove: (path) => quick(`remove ${basename(path)}`, () => this.#remove(path)),
      makeDirectory: (path) => quick(`make ${path}`, () => this.#make(path)),
      syncDirectory: (path) =>
        doing(`sync ${path}`, manners.syncMs, () => this.#syncNames(this.#directory(path))),
      identityOf: async (directory) => directory,
    };
  }

  file(path: string): SimulatedFile | undefined {
    return this.#directories.get(dirname(path))?.seen.get(basename(path));
  }

  filesIn(directory: string): string[] {
    return [...(this.#directories.get(directory)?.seen.keys() ?? [])].sort();
  }

  /** Whatever a process has asked for is done now, wholly, in part, or not at all; it is stopped, and hears nothing of it. */
  abandon(owner: Owner): void {
    for (const operation of this.#operations) {
      if (operation.owner !== owner) continue;
      this.#operations.delete(operation);
      const share = this.#dice.pick([0, 0.5, 1, 1]);
      if (share > 0) attempt(() => operation.perform(share));
    }
  }

  /** What a process has asked for is done by the kernel, whether it sleeps or not. */
  settle(owner: Owner): void {
    for (const operation of this.#operations) {
      if (operation.owner === owner) attempt(() => operation.perform(1));
    }
  }

  /** All that was not synced is lost, or not. Says how many sectors and names were lost. */
  cutPower(): { sectors: number; names: number } {
    const share = this.#dice.pick([0, 0.5, 1]);
    let names = 0;
    for (const change of this.#changes) {
      if (this.#dice.chance(share)) change.apply(({ kept }) => kept);
      else names += 1;
    }
    this.#changes = [];
    const files = new Set<SimulatedFile>();
    for (const directory of this.#directories.values()) {
      directory.seen.clear();
      for (const [name, file] of directory.kept) {
        directory.seen.set(name, file);
        files.add(file);
      }
    }
    let sectors = 0;
    for (const file of files) sectors += file.cutPower(this.#dice);
    return { sectors, names };
  }

  #doing(owner: Owner): Doing {
    return (what, typicalMs, perform) =>
      new Promise((resolve, reject) => {
        let done = false;
        let outcome: unknown;
        const once = (share: number): void => {
          if (done) return;
          done = true;
          try {
            perform(share);
          } catch (error) {
            outcome = error;
          }
        };
        const operation = { owner, perform: once };
        this.#operations.add(operation);
        const takesMs = typicalMs * this.#dice.between(0.2, 2) * this.#delay();
        const complete = (): void => {
          this.#operations.delete(operation);
          once(1);
          if (outcome === undefined) resolve();
          else reject(outcome);
        };
        this.#scheduler.after(takesMs, what, complete, owner);
      });
  }

  #delay(): number {
    return this.#dice.chance(this.manners.stall) ? 100 : 1;
  }

  #handle(doing: Doing, path: string, file: SimulatedFile): DiskFile {
    const { manners } = this;
    const name = basename(path);
    const synced = (): void => {
      if (this.#dice.chance(manners.failToSync)) {
        file.failToSync(this.#dice);
        throw failure("EIO");
      }
      file.sync();
    };
    return {
      write: async (bytes, offset, length, position) => {
        let bytesWritten = 0;
        await doing(`write ${name}`, 0.05, (share) => {
          if (manners.readOnly) throw failure("EROFS");
          const grows = position + length > file.size;
          if ((manners.full && grows) || this.#dice.chance(manners.failToWrite)) {
            throw failure("ENOSPC");
          }
          bytesWritten = Math.floor(length * share);
          file.write(bytes.subarray(offset, offset + bytesWritten), position);
        });
        return { bytesWritten };
      },
      read: async (target, offset, length, position) => {
        let bytesRead = 0;
        await doing(`read ${name}`, 0.05, () => {
          if (this.#dice.chance(manners.failToRead)) throw failure("EIO");
          bytesRead = file.read(target, offset, length, position);
        });
        return { bytesRead };
      },
      stat: async () => ({ size: file.size }),
      datasync: () => doing(`datasync ${name}`, manners.syncMs, synced),
      sync: () => doing(`fsync ${name}`, manners.syncMs, synced),
      close: async () => undefined,
    };
  }

  #opened(path: string, mode: OpenMode): SimulatedFile {
    const directory = this.#directory(dirname(path));
    const name = basename(path);
    const found = directory.seen.get(name);
    if (mode === "r" && this.#dice.chance(this.manners.failToRead)) throw failure("EIO");
    if (mode !== "r" && this.manners.readOnly) throw failure("EROFS");
    if (mode === "wx" && found !== undefined) throw failure("EEXIST");
    if (found === undefined && mode.startsWith("r")) throw failure("ENOENT");
    if (found === undefined) {
      const created = new SimulatedFile();
      this.#change([directory], (namesOf) => namesOf(directory).set(name, created));
      return created;
    }
    if (mode.startsWith("w")) found.truncate();
    return found;
  }

  #rename(from: string, to: string): void {
    const source = this.#directory(dirname(from));
    const target = this.#directory(dirname(to));
    const file = source.seen.get(basename(from));
    if (file === undefined) throw failure("ENOENT");
    if (source.device !== target.device) throw failure("EXDEV");
    this.#change([source, target], (namesOf) => {
      namesOf(target).set(basename(to), file);
      if (namesOf(source).get(basename(from)) === file) namesOf(source).delete(basename(from));
    });
  }

  #link(existing: string, path: string): void {
    const file = this.file(existing);
    const directory = this.#directory(dirname(path));
    if (file === undefined) throw failure("ENOENT");
    if (directory.seen.has(basename(path))) throw failure("EEXIST");
    this.#change([directory], (namesOf) => namesOf(directory).set(basename(path), file));
  }

  #remove(path: string): void {
    const directory = this.#directory(dirname(path));
    const file = directory.seen.get(basename(path));
    if (file === undefined) return;
    this.#change([directory], (namesOf) => {
      if (namesOf(directory).get(basename(path)) === file)
        namesOf(directory).delete(basename(path));
    });
  }

  #make(path: string): void {
    if (this.#directories.has(path)) return;
    const device = path.startsWith("/other-disk") ? 2 : 1;
    this.#directories.set(path, { path, device, seen: new Map(), kept: new Map() });
  }

  #directory(path: string): Directory {
    const directory = this.#directories.get(path);
    if (directory === undefined) throw failure("ENOENT");
    return directory;
  }

  #change(directories: readonly Directory[], apply: NameChange["apply"]): void {
    if (this.manners.readOnly) throw failure("EROFS");
    apply(({ seen }) => seen);
    this.#changes.push({ directories, apply });
  }

  #syncNames(directory: Directory): void {
    if (this.#dice.chance(this.manners.failToSync)) throw failure("EIO");
    for (const change of this.#changes) {
      if (change.directories.includes(directory)) change.apply(({ kept }) => kept);
    }
    this.#changes = this.#changes.filter(({ directories }) => !directories.includes(directory));
  }
}

const failure = (code: string): Error =>
  Object.assign(new Error(`${code}: the simulated disk says so`), { code, simulated: true });

/** What nobody waits for any more may fail. */
const attempt = (perform: () => void): void => {
  try {
    perform();
  } catch {
    // Nobody hears of it.
  }
};
