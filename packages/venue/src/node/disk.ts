import { existsSync } from "node:fs";
import { link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** An open file. Node's own `FileHandle` is one as it stands: nothing comes between a journal and its disk. */
export interface DiskFile {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  read(
    target: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  stat(): Promise<{ readonly size: number }>;
  /** Waits until what was written survives a power cut. */
  datasync(): Promise<void>;
  /** And the file's size as well. Neither promises the file's name: `Disk.syncDirectory` does. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** How a file is opened, in the words of `open`: `wx` fails where there is one. */
export type OpenMode = "r" | "r+" | "w" | "w+" | "wx";

/**
 * All that a venue asks of a file system. The real one is `nodeDisk`; the simulation has one that forgets, at a power cut,
 * whatever was not synced.
 */
export interface Disk {
  /** A new file can be read by its owner alone. */
  open(path: string, mode: OpenMode): Promise<DiskFile>;
  /** The names in a directory, in any order. */
  names(directory: string): Promise<string[]>;
  /** Synchronous: the answer is in the kernel's cache, and a trip to the thread pool would cost ten times as much. */
  exists(path: string): boolean;
  /** Atomic, and takes the place of what has the name. Rejects with `EXDEV` where the two are on different file systems. */
  rename(from: string, to: string): Promise<void>;
  /** A second name for a file. Rejects with `EEXIST` where there is one. */
  link(existing: string, path: string): Promise<void>;
  /** Nothing happens if there is no such file. */
  remove(path: string): Promise<void>;
  /** Creates a directory that only its owner can enter, durably, with those above it. One that exists is left as it is. */
  makeDirectory(directory: string): Promise<void>;
  /** Makes sure that the names in a directory survive a power cut. */
  syncDirectory(directory: string): Promise<void>;
  /** Tells a directory from every copy of it. */
  identityOf(directory: string): Promise<string>;
}

const OWNER_ONLY = 0o600;

const syncDirectory = async (directory: string): Promise<void> => {
  // Windows can't open a directory, and its file systems keep names in order by themselves.
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const makeDirectory = async (directory: string): Promise<void> => {
  const first = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let path = dirname(resolve(directory)); ; path = dirname(path)) {
    await syncDirectory(path);
    if (path === top || path === dirname(path)) return;
  }
};

/** The disks of this machine. */
export const nodeDisk: Disk = {
  open: (path, mode) => open(path, mode, OWNER_ONLY),
  names: (directory) => readdir(directory),
  exists: existsSync,
  rename,
  link,
  remove: (path) => rm(path, { force: true }),
  makeDirectory,
  syncDirectory,
  identityOf: async (directory) => {
    const { dev, ino } = await stat(directory, { bigint: true });
    return `${dev}:${ino}`;
  },
};
