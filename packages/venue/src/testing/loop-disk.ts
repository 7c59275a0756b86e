import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Why no file system can be mounted here; undefined where one can. With PINCEX_REQUIRE_SERVERS=1 that throws instead. */
export const missingMounts = (): string | undefined => {
  const directory = mkdtempSync(join(tmpdir(), "pincex-mount-"));
  try {
    run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory);
    run("umount", directory);
    run("mkfs.ext4", "-V");
    return undefined;
  } catch (error) {
    if (process.env["PINCEX_REQUIRE_SERVERS"] === "1") throw error;
    return "mounting a file system needs Linux, root, and mkfs.ext4";
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** A file system in memory with room for so much, gone when the test is over. */
export const mountMemory = (kilobytes: number): string => {
  const directory = temporaryDirectory();
  run("mount", "-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", directory);
  onTestFinished(() => unmount(directory));
  return directory;
};

export const remount = (directory: string, options: string): void => {
  run("mount", "-o", `remount,${options}`, directory);
};

/** An ext4 in a file: what the file holds is what a power cut would leave. */
export interface LoopDisk {
  /** Where it is mounted. */
  readonly root: string;
  /** Copies the file as it is at this moment, and mounts the copy in the place of the original. */
  powerCut(): LoopDisk;
}

const DISK_BYTES = 48 << 20;

export const mountLoopDisk = (): LoopDisk => {
  const folder = temporaryDirectory();
  const image = join(folder, "disk-0");
  writeFileSync(image, "");
  truncateSync(image, DISK_BYTES);
  run("mkfs.ext4", "-q", "-F", image);
  return mounted(folder, 0);
};

const mounted = (folder: string, cut: number): LoopDisk => {
  const image = join(folder, `disk-${cut}`);
  const root = join(folder, `mounted-${cut}`);
  mkdirSync(root);
  run("mount", "-o", "loop", image, root);
  onTestFinished(() => unmount(root));
  return {
    root,
    powerCut: () => {
      copyFileSync(image, join(folder, `disk-${cut + 1}`));
      unmount(root);
      rmSync(image);
      return mounted(folder, cut + 1);
    },
  };
};

/** Also one that something still uses, and one that is unmounted already. */
const unmount = (directory: string): void => {
  try {
    run("umount", "--lazy", directory);
  } catch {
    // It was not mounted any more.
  }
};

const run = (program: string, ...programArguments: string[]): void => {
  execFileSync(program, programArguments, { stdio: ["ignore", "ignore", "pipe"] });
};
