/** The largest price, account and market number: 31 bits. */
export const MAX_INT32 = 0x7fff_ffff;

/** A number that would wrap silently in 32 bits is the programmer's mistake, not the trader's. */
export const int32 = (value: number, field: string): number =>
  (value | 0) === value ? value | 0 : notInt32(value, field);

/** As `int32`, for a code that has 8 bits in a record. */
export const byte = (value: number, field: string): number =>
  (value & 0xff) === value ? value & 0xff : notByte(value, field);

/** Apart, so that V8 takes the test itself into whoever makes it. */
const notInt32 = (value: number, field: string): never => {
  throw new RangeError(`expected ${field} as a whole number of 32 bits, was ${value}`);
};

const notByte = (value: number, field: string): never => {
  throw new RangeError(`expected ${field} as a whole number of 8 bits, was ${value}`);
};

/**
 * Whether `value` is a whole multiple of `unit`; exact for safe integers.
 *
 * The quotient of two integers below 2^53 is at least 1/unit away from any whole number that it isn't, and its rounding
 * error is smaller than that. The remainder operator would be exact too, but on doubles it calls into C.
 */
export const isMultipleOf = (value: number, unit: number): boolean =>
  Math.floor(value / unit) * unit === value;

/** Whether `value` is a whole number from 0 to 2^53 − 1, and not −0. */
export const isCount = (value: number): boolean =>
  Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);

/** The lowest power of two that is at least `least`, which is at most 2^30; as an integer, which `2 ** n` is not to V8. */
export const powerOfTwoFrom = (least: number): number =>
  least <= 1 ? 1 : 1 << (32 - Math.clz32(least - 1));
