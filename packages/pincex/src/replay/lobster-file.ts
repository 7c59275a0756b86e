import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { pipeline, type Readable } from "node:stream";
import { createGunzip, type Gunzip } from "node:zlib";
import {
  type LobsterMessage,
  parseLobsterRow,
  ROW_RULES,
  type RowRefusal,
  type RowRefusalCode,
} from "./lobster-message.ts";

/** Why a file cannot be read, by code. */
const FILE_RULES = {
  file_missing: "there must be a file of this name",
  file_not_a_file: "the path must name a file, not a folder",
  file_unreadable: "this user must be allowed to read the file",
  file_damaged: "a compressed file must be complete and undamaged",
} as const;

/** Reading stopped: what is wrong, and in which line. Lines before it were good. */
export interface ReadRefusal {
  readonly ok: false;
  readonly code: RowRefusalCode | keyof typeof FILE_RULES;
  readonly file: string;
  /** Counted from 1; 0 if no line is to blame. */
  readonly line: number;
  readonly field: RowRefusal["field"] | "file";
  readonly rule: string;
  readonly value: string;
}

/** Messages of consecutive rows. */
export interface MessageBatch {
  readonly ok: true;
  readonly messages: readonly LobsterMessage[];
  /** How much of the file has been read, as stored: of a compressed file, compressed. */
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

// The longest row of the recordings has 50 characters: more than this without a line end is not a message file.
const LONGEST_ROW = 1_000;

/**
 * Reads a LOBSTER message file, plain or compressed by gzip, in pieces: never more of it in memory than a few hundred
 * kilobytes. A row that breaks a rule is answered as a refusal, and nothing after it.
 */
export async function* readLobsterFile(file: string): AsyncGenerator<MessageBatch | ReadRefusal> {
  const found = await sizeOf(file);
  if (!found.ok) {
    yield found;
    return;
  }
  const bytesTotal = found.bytes;
  const rows = new RowReader();
  try {
    const gunzip = (await isCompressed(file)) ? createGunzip() : undefined;
    let textLength = 0;
    for await (const chunk of textOf(file, gunzip)) {
      const read = rows.read((chunk as Buffer).toString("latin1"));
      textLength += (chunk as Buffer).length;
      // What has been decompressed, not what has been fetched: streams read ahead.
      const bytesRead = gunzip?.bytesWritten ?? textLength;
      yield { ok: true, messages: read.messages, bytesRead, bytesTotal };
      if (read.refusal !== undefined) {
        yield { ...read.refusal, file, line: rows.line };
        return;
      }
    }
    const last = rows.end();
    yield { ok: true, messages: last.messages, bytesRead: bytesTotal, bytesTotal };
    if (last.refusal !== undefined) yield { ...last.refusal, file, line: rows.line };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const code = error.code.startsWith("Z_") ? "file_damaged" : "file_unreadable";
    yield fileRefused(code, file, rows.line);
  }
}

const sizeOf = async (file: string): Promise<{ ok: true; bytes: number } | ReadRefusal> => {
  try {
    const found = await stat(file);
    if (!found.isFile()) return fileRefused("file_not_a_file", file, 0);
    return { ok: true, bytes: found.size };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return fileRefused(error.code === "ENOENT" ? "file_missing" : "file_unreadable", file, 0);
  }
};

/** Cuts text into rows and reads them, across the borders of the pieces. */
class RowReader {
  line = 0;
  #rest = "";
  #lastTimeNs = 0;

  read(text: string): { messages: LobsterMessage[]; refusal?: RowRefusal } {
    const rows = (this.#rest + text).split("\n");
    this.#rest = rows.pop() ?? "";
    return this.#parse(this.#rest.length > LONGEST_ROW ? [...rows, this.#rest] : rows);
  }

  /** The last row, if no line end followed it. */
  end(): { messages: LobsterMessage[]; refusal?: RowRefusal } {
    return this.#parse(this.#rest === "" ? [] : [this.#rest]);
  }

  #parse(rows: readonly string[]): { messages: LobsterMessage[]; refusal?: RowRefusal } {
    const messages: LobsterMessage[] = [];
    for (const row of rows) {
      this.line += 1;
      const parsed = parseLobsterRow(row.endsWith("\r") ? row.slice(0, -1) : row);
      if (!parsed.ok) return { messages, refusal: parsed };
      if (parsed.message.timeNs < this.#lastTimeNs) {
        return { messages, refusal: timeWentBack(row) };
      }
      this.#lastTimeNs = parsed.message.timeNs;
      messages.push(parsed.message);
    }
    return { messages };
  }
}

const timeWentBack = (row: string): RowRefusal => ({
  ok: false,
  code: "time_went_back",
  field: "time",
  rule: ROW_RULES.time_went_back,
  value: row.slice(0, row.indexOf(",")),
});

const isCompressed = async (file: string): Promise<boolean> => {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
};

const textOf = (file: string, gunzip: Gunzip | undefined): Readable => {
  const source = createReadStream(file);
  // The reader of the result hears of an error in either stream; there is nobody else to tell.
  return gunzip === undefined ? source : pipeline(source, gunzip, () => undefined);
};

const isSystemError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && "code" in error && typeof error.code === "string";

const fileRefused = (code: keyof typeof FILE_RULES, file: string, line: number): ReadRefusal => ({
  ok: false,
  code,
  file,
  line,
  field: "file",
  rule: FILE_RULES[code],
  value: file,
});
