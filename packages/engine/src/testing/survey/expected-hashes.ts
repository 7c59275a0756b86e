import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The survey's own list: a line `HASH  NAME_seed23_count1000000_reports.txt` for each workload. */
const LIST = "correctness_hash.txt";
/** Files for one workload, which go before the list; they may hold no more than the hash. */
const OWN_FILES = [".sha256", "_correctness_hash.txt", ".correctness_hash.txt"];

/** A SHA-256 in lower-case hexadecimal, and the name of the report stream that it is said to be of; empty if none is given. */
interface ListedHash {
  readonly hash: string;
  readonly file: string;
}

/**
 * The hashes that may be right for each of the workloads in a folder. Usually it is one, or none where nobody has
 * published it; a list with several seeds has more. Throws `RangeError` for a file of hashes with a line that has none.
 */
export const expectedHashes = (folder: string, names: readonly string[]): string[][] => {
  const list = listedHashes(folder, LIST);
  const isOnlyOne = new Set(list.map(({ hash }) => hash)).size === 1 && names.length === 1;
  return names.map((name) => {
    const own = OWN_FILES.flatMap((ending) => listedHashes(folder, `${name}${ending}`));
    if (own.length > 0) return hashesOf(own);
    const named = list.filter(({ file }) => isReportOf(name, file));
    return hashesOf(named.length === 0 && isOnlyOne ? list : named);
  });
};

const hashesOf = (listed: readonly ListedHash[]): string[] => [
  ...new Set(listed.map(({ hash }) => hash)),
];

const listedHashes = (folder: string, file: string): ListedHash[] => {
  const path = join(folder, file);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split(/\r?\n/);
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const [, hash, name] = /^([0-9a-f]{64})(?:\s+\*?(.*\S))?\s*$/i.exec(line.trim()) ?? [];
    if (hash === undefined) {
      throw new RangeError(`${file}, line ${index + 1}: expected a SHA-256 and a file name`);
    }
    return [{ hash: hash.toLowerCase(), file: name ?? "" }];
  });
};

/**
 * Whether a file is the report stream of a workload. What follows the name must be a seed, a count or the like: `swing-25`
 * is not a seed of `swing`, and `flash_crash` no report of `flash`. Hyphens and underscores are the same.
 */
const isReportOf = (name: string, file: string): boolean => {
  const given = plain(file);
  const wanted = plain(name);
  return (
    given.startsWith(wanted) &&
    /^(?:_seed\d+|_count\d+|_reports?)*(?:\.[a-z0-9.]+)?$/.test(given.slice(wanted.length))
  );
};

const plain = (name: string): string => name.toLowerCase().replaceAll("-", "_");
