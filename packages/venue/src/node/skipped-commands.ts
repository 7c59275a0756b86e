import { join } from "node:path";
import type { SkippedCommand } from "../journal/journal.ts";
import { JournalDamaged } from "../journal/journal-errors.ts";
import type { Disk } from "./disk.ts";
import { nodeDigests } from "./node-digests.ts";
import { readStart, writeAll } from "./segment.ts";

/** Beside the segments, so that whoever copies the directory takes it along. */
const pathIn = (directory: string): string => join(directory, "skipped-commands.json");

/** The commands that every replay passes over; none where there is no such file. */
export const readSkippedCommands = async (
  disk: Disk,
  directory: string,
): Promise<readonly SkippedCommand[]> => {
  const path = pathIn(directory);
  let text: string;
  try {
    text = new TextDecoder().decode(await readStart(disk, path));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  const [crc = "", list = ""] = text.split("\n");
  if (crc !== crcOf(list)) throw new JournalDamaged(path, 0, "wrong CRC");
  return JSON.parse(list);
};

/** Under another name first: there is the list before or the new one, whole. */
export const writeSkippedCommands = async (
  disk: Disk,
  directory: string,
  commands: readonly SkippedCommand[],
): Promise<void> => {
  const path = pathIn(directory);
  const list = JSON.stringify(commands);
  const handle = await disk.open(`${path}.tmp`, "w");
  try {
    await writeAll(handle, new TextEncoder().encode(`${crcOf(list)}\n${list}\n`), 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await disk.rename(`${path}.tmp`, path);
  await disk.syncDirectory(directory);
};

const crcOf = (list: string): string => `${nodeDigests.crc32(new TextEncoder().encode(list))}`;
