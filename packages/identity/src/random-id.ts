/** Crockford's alphabet: no letters that are read as digits. 32 characters, so each holds five bits without a bias. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

const ID_CHARACTERS = 26;

/**
 * An id that nobody can guess: its kind, an underscore and 130 random bits.
 *
 * @example
 * randomId("usr", randomBytes); // like usr_6q2w7rk0v3c9m1d8x5n4t7b2ze
 */
export const randomId = (kind: string, randomBytes: (length: number) => Uint8Array): string => {
  const characters = Array.from(randomBytes(ID_CHARACTERS), (byte) => ALPHABET.charAt(byte & 31));
  return `${kind}_${characters.join("")}`;
};
