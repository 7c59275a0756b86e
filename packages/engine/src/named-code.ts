/** The code of a name. Throws `RangeError` for a name that the table does not have, as every object's own methods are. */
export const codeOf = (
  codes: Readonly<Record<string, number>>,
  name: string,
  field: string,
): number => {
  if (!Object.hasOwn(codes, name)) throw unnamed(codes, name, field);
  return codes[name] as number;
};

/** The name of a code. Throws `RangeError` for a code that has none. */
export const nameOf = <Name extends string>(
  codes: Readonly<Record<Name, number>>,
  code: number,
  field: string,
): Name => {
  for (const name in codes) if (codes[name] === code) return name;
  throw unnamed(codes, code, field);
};

const unnamed = (codes: object, strange: string | number, field: string): RangeError =>
  new RangeError(
    `expected ${field} to be one of ${Object.keys(codes).join(", ")}, was ${String(strange)}`,
  );
