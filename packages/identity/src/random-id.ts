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

/** Long enough for the id of a passkey, the longest there is: 1,023 bytes in base64url. */
const MAY_BE_ID = /^[\w-]{1,1364}$/;

/** Whether something that a client sent may be an id at all. What isn't is not asked for in the database, which refuses some characters. */
export const mayBeId = (sent: unknown): sent is string =>
  typeof sent === "string" && MAY_BE_ID.test(sent);
