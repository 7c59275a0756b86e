import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { type ReadRefusal, readLobsterFile } from "./lobster-file.ts";
import type { LobsterMessage } from "./lobster-message.ts";

const folder = mkdtempSync(join(tmpdir(), "pincex-lobster-"));
afterAll(() => rmSync(folder, { recursive: true }));

const stored = (name: string, content: string | Uint8Array): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

const read = async (
  file: string,
): Promise<{ messages: LobsterMessage[]; refusal: ReadRefusal | undefined }> => {
  const messages: LobsterMessage[] = [];
  for await (const batch of readLobsterFile(file)) {
    if (!batch.ok) return { messages, refusal: batch };
    messages.push(...batch.messages);
  }
  return { messages, refusal: undefined };
};

const rows = (count: number): string[] =>
  Array.from(
    { length: count },
    (_, index) => `34200.${String(index).padStart(9, "0")},1,${index + 1},100,2238100,1`,
  );

describe("a message file", () => {
  test("is read whole, plain or compressed, with any line end, however it is cut into pieces", async () => {
    const text = rows(20_000);
    for (const file of [
      stored("plain.csv", text.join("\n")),
      stored("ended.csv", `${text.join("\n")}\n`),
      stored("windows.csv", `${text.join("\r\n")}\r\n`),
      stored("small.csv.gz", gzipSync(text.join("\n"))),
      // The name does not matter, the content does.
      stored("compressed.csv", gzipSync(`${text.join("\n")}\n`)),
    ]) {
      const { messages, refusal } = await read(file);
      expect([refusal, messages.length]).toEqual([undefined, 20_000]);
      expect(messages.at(-1)).toMatchObject({ id: 20_000, timeNs: 34_200_000_019_999 });
    }
  });

  test("tells how much of it has been read, up to all of it", async () => {
    const file = stored("progress.csv", rows(20_000).join("\n"));
    const shares: number[] = [];
    for await (const batch of readLobsterFile(file)) {
      if (batch.ok) shares.push(batch.bytesRead / batch.bytesTotal);
    }
    expect(shares.length).toBeGreaterThan(5);
    expect(shares).toEqual([...shares].sort((one, other) => one - other));
    expect(shares.at(-1)).toBe(1);
  });

  test("without a row has no message", async () => {
    expect(await read(stored("empty.csv", ""))).toEqual({ messages: [], refusal: undefined });
  });
});

describe("reading is refused", () => {
  test("at the first row that breaks a rule, with its line, after the good ones before it", async () => {
    const file = stored(
      "malformed.csv",
      [...rows(3), "34201,1,9,100,22381.5,1", ...rows(2)].join("\n"),
    );
    const { messages, refusal } = await read(file);
    expect(messages).toHaveLength(3);
    expect(refusal).toEqual({
      ok: false,
      code: "price_malformed",
      file,
      line: 4,
      field: "price",
      rule: "price is a whole number, dollars × 10,000, from 1 to 1999999900; of a halt -1, 0 or 1",
      value: "22381.5",
    });
  });

  test("where time goes back", async () => {
    const { refusal } = await read(stored("back.csv", "34201,1,1,100,5,1\n34200.5,1,2,100,5,1\n"));
    expect(refusal).toMatchObject({
      code: "time_went_back",
      line: 2,
      field: "time",
      value: "34200.5",
    });
  });

  test("for a blank line in the middle", async () => {
    const { refusal } = await read(stored("blank.csv", "34200,1,1,100,5,1\n\n34200,1,2,100,5,1\n"));
    expect(refusal).toMatchObject({ code: "row_needs_six_fields", line: 2 });
  });

  test("early for a file that is no text at all", async () => {
    const { refusal } = await read(stored("zeros.csv", new Uint8Array(3_000_000)));
    expect(refusal).toMatchObject({ code: "row_needs_six_fields", line: 1 });
    expect(refusal?.value.length).toBeLessThanOrEqual(80);
  });

  test("for a file that is missing or a folder", async () => {
    const file = join(folder, "missing.csv");
    expect((await read(file)).refusal).toMatchObject({
      code: "file_missing",
      field: "file",
      line: 0,
    });
    expect((await read(folder)).refusal).toMatchObject({ code: "file_not_a_file" });
  });

  test("where a compressed file is cut off or damaged, after what could be read", async () => {
    const whole = gzipSync(rows(20_000).join("\n"));
    const cut = await read(stored("cut.csv.gz", whole.subarray(0, whole.length / 2)));
    expect(cut.refusal).toMatchObject({ code: "file_damaged" });
    const damaged = Uint8Array.from(whole);
    damaged.fill(0xff, 1_000, 1_100);
    expect((await read(stored("bad.csv.gz", damaged))).refusal).toMatchObject({ ok: false });
  });
});
