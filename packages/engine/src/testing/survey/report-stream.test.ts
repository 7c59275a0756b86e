import { expect, test } from "vitest";
import { Report, ReportStream } from "./report-stream.ts";

const written = (write: (stream: ReportStream) => void): { text: string; pieces: number } => {
  const pieces: Uint8Array[] = [];
  const stream = new ReportStream((bytes) => void pieces.push(bytes.slice()));
  write(stream);
  stream.flush();
  return { text: Buffer.concat(pieces).toString(), pieces: pieces.length };
};

test("nothing is an empty stream", () => {
  expect(written(() => undefined).text).toBe("");
});

test.each([
  0, 7, 9, 10, 99, 100, 999_999_999, 1_000_000_000, 1_000_000_007, 2_147_483_648, 10_000_000_000,
  9_007_199_254_740_991,
])("%i is written as a decimal", (value) => {
  const { text } = written((stream) => {
    stream.begin(Report.cancelRejected, value);
    stream.field(value);
  });
  expect(text).toBe(`4,${value},${value}`);
});

test("lines go to the sink in big pieces, and are whole", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const { text, pieces } = written((stream) => {
    for (let sequence = 0; sequence < 10_000; sequence += 1) {
      stream.begin(Report.trade, sequence);
      for (let field = 0; field < 4; field += 1) stream.field(most);
    }
    expect(stream.lines).toBe(10_000);
  });
  const lines = Array.from({ length: 10_000 }, (_, i) => `1,${i},${most},${most},${most},${most}`);
  expect(text === lines.join("\n")).toBe(true);
  expect(pieces).toBe(3);
});
