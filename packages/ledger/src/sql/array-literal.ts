// One text for a whole column, because a driver that turns JavaScript arrays into parameters takes longer than the server
// takes to store them. Bind it as text and cast it: `${numberArray(column)}::text::int8[]`.

/** A column of numbers as PostgreSQL writes an array. Undefined is null. */
export const numberArray = (column: readonly (number | bigint | undefined)[]): string =>
  `{${column.map((value) => value ?? "null").join(",")}}`;

/** A column of texts. An empty text stays one; undefined is null. */
export const textArray = (column: readonly (string | undefined)[]): string =>
  `{${column.map(spelled).join(",")}}`;

const spelled = (text: string | undefined): string =>
  text === undefined ? "null" : `"${text.replace(/["\\]/g, "\\$&")}"`;

declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

const ASCII = new TextDecoder();
const DIGITS = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
const [COMMA = 0, QUOTE = 0, BACKSLASH = 0, X = 0] = [...',"\\x'].map((one) => one.charCodeAt(0));

/** A column of bytes. Spelled as bytes and made one text in the end, because a text for each digit is what takes long. */
export const byteaArray = (column: readonly Uint8Array[]): string => {
  const length = column.reduce((sum, bytes) => sum + 6 + 2 * bytes.length, 0);
  const spelled = new Uint8Array(length);
  let offset = 0;
  for (const bytes of column) {
    for (const one of [QUOTE, BACKSLASH, BACKSLASH, X]) spelled[offset++] = one;
    for (const byte of bytes) {
      spelled[offset++] = DIGITS[byte >> 4] ?? 0;
      spelled[offset++] = DIGITS[byte & 15] ?? 0;
    }
    spelled[offset++] = QUOTE;
    spelled[offset++] = COMMA;
  }
  return `{${ASCII.decode(spelled.subarray(0, Math.max(0, offset - 1)))}}`;
};
