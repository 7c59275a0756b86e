import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BrotliOptions, brotliDecompressSync } from "node:zlib";
import { expectedHashes } from "./expected-hashes.ts";
import { decodeMebc } from "./mebc.ts";
import type { Workload } from "./workload.ts";

/** A workload that lies in a folder, unread. */
export interface StoredWorkload {
  readonly name: string;
  /** SHA-256 of the right report stream: one, or none if nobody has published it, or some of which any will do. */
  readonly expected: readonly string[];
  /** Throws `RangeError` for files that hold no whole workload. */
  read(): Workload;
}

/** `NAME.mebc`, or compressed `NAME.mebc.br`; either may be split into parts `.0`, `.1` and so on. */
const FILE = /^(.+)\.mebc(\.br)?(?:\.(\d+))?$/;

/** One workload's file, or the parts that it is split into. */
interface Files {
  readonly name: string;
  readonly isCompressed: boolean;
  /** Numbers of the parts; NaN for a file that is whole. */
  readonly parts: Map<number, string>;
}

/** All workloads in a folder, in order of their names. Throws `RangeError` for a file of hashes that holds something else. */
export const findWorkloads = (folder: string): StoredWorkload[] => {
  const found = new Map<string, Files>();
  for (const file of readdirSync(folder).sort()) {
    const [, name, compressed, part] = FILE.exec(file) ?? [];
    if (name === undefined) continue;
    const form = [name, compressed, part === undefined].join("/");
    const files = found.get(form) ?? {
      name,
      isCompressed: compressed !== undefined,
      parts: new Map<number, string>(),
    };
    files.parts.set(part === undefined ? Number.NaN : Number(part), join(folder, file));
    found.set(form, files);
  }
  const all = [...found.values()];
  const names = [...new Set(all.map(({ name }) => name))];
  const expected = expectedHashes(folder, names);
  return all.map((files) => ({
    name: files.name,
    expected: expected[names.indexOf(files.name)] ?? [],
    read: () => decodeMebc(files.isCompressed ? decompressed(bytesOf(files)) : bytesOf(files)),
  }));
};

const bytesOf = ({ parts }: Files): Buffer => {
  const whole = parts.get(Number.NaN);
  if (whole !== undefined) return readFileSync(whole);
  const inOrder = Array.from({ length: parts.size }, (_, part) => {
    const file = parts.get(part);
    if (file === undefined) throw new RangeError(`part ${part} of ${parts.size} is missing`);
    return readFileSync(file);
  });
  return Buffer.concat(inOrder);
};

/** What Node answers with if it is asked for `info`, which its types don't know for brotli. */
interface Decompressed {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

const WITH_INFO: BrotliOptions & { info: true } = { info: true };

const decompressed = (bytes: Buffer): Buffer => {
  const { buffer, engine } = throughBrotli(bytes);
  // Node takes no offence at what follows the end of the stream.
  const left = bytes.length - engine.bytesWritten;
  if (left > 0) throw new RangeError(`${left} bytes follow the brotli stream`);
  return buffer;
};

const throughBrotli = (bytes: Buffer): Decompressed => {
  try {
    return brotliDecompressSync(bytes, WITH_INFO) as unknown as Decompressed;
  } catch (cause) {
    throw new RangeError("expected a whole brotli stream", { cause });
  }
};
