import { mkdir, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Makes sure that the names in a directory survive a power cut: `fsync` of a file does not promise its name. */
export const syncDirectory = async (directory: string): Promise<void> => {
  // Windows can't open a directory, and its file systems keep names in order by themselves.
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Creates a directory that only its owner can enter, durably, with those above it. One that exists is left as it is. */
export const makeDirectory = async (directory: string): Promise<void> => {
  const first = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let path = dirname(resolve(directory)); ; path = dirname(path)) {
    await syncDirectory(path);
    if (path === top || path === dirname(path)) return;
  }
};
