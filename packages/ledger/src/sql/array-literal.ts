// One text for a whole column, because a driver that turns JavaScript arrays into parameters takes longer than the server
// takes to store them. Bind it as text and cast it: `${numberArray(column)}::text::int8[]`.

/** A column of numbers as PostgreSQL writes an array. */
export const numberArray = (column: readonly (number | bigint)[]): string =>
  `{${column.join(",")}}`;

/** The same for a column in which some have no value. */
export const optionalNumberArray = (column: readonly (number | bigint | undefined)[]): string =>
  `{${column.map((value) => value ?? "null").join(",")}}`;

/** A column of texts. An empty text stays one; it is not null. */
export const textArray = (column: readonly string[]): string =>
  `{${column.map((text) => `"${text.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;

/** A column of bytes, each given in hexadecimal digits. */
export const byteaArray = (column: readonly string[]): string =>
  `{${column.map((hex) => `"\\\\x${hex}"`).join(",")}}`;
