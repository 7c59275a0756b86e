import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";
import { type AccountRefusalCode, refuse } from "../account-refusal.ts";
import type { Refused } from "../refusal.ts";
import type { BreachedPasswords } from "./breached-passwords.ts";
import { normalized } from "./password-hasher.ts";

/** Which passwords are taken, after NIST SP 800-63B-4: long and hard to guess, with no rule on which characters. */
export interface PasswordRules {
  /** In characters: 15 where a password may be the only factor; 8, and never less, where a second one is demanded of everybody. */
  readonly shortest: number;
  /** In characters, 64 or more. More would cost work and add nothing. */
  readonly longest: number;
  /** How hard to guess, from 0 to 4 as zxcvbn estimates; 3 is 10^8 guesses. */
  readonly leastStrength: number;
  /** Words that an attacker tries first here, as the venue's name. */
  readonly wordsOfContext: readonly string[];
  readonly breached?: BreachedPasswords;
}

export const DEFAULT_PASSWORD_RULES: PasswordRules = {
  shortest: 15,
  longest: 256,
  leastStrength: 3,
  wordsOfContext: ["pincex"],
};

export type PasswordRefusalCode = Extract<AccountRefusalCode, `password_${string}`>;

export type PasswordAnswer = { readonly ok: true } | Refused<PasswordRefusalCode>;

let estimator: ZxcvbnFactory | undefined;

/** Made at the first use: its dictionaries take 100 ms. */
const guesses = (password: string, words: readonly string[]): number => {
  estimator ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  return estimator.check(password, [...words]).score;
};

/**
 * Whether a password may be taken. `words` are the user's own: their e-mail address, their name.
 *
 * A list of breached passwords that can't be reached refuses nothing: otherwise its outage would be ours.
 */
export const checkPassword = async (
  rules: PasswordRules,
  password: string,
  words: readonly string[] = [],
): Promise<PasswordAnswer> => {
  const text = normalized(password);
  const characters = [...text].length;
  if (characters < rules.shortest) return refuse("password_too_short", { field: "password" });
  if (characters > rules.longest) return refuse("password_too_long", { field: "password" });
  if (
    guesses(text, [...rules.wordsOfContext, ...words, ...words.flatMap(wordsIn)]) <
    rules.leastStrength
  )
    return refuse("password_easy_to_guess", { field: "password" });
  if (await isBreached(rules.breached, text)) {
    return refuse("password_breached", { field: "password" });
  }
  return { ok: true };
};

/** The part before the @ as it stands, and each word by itself. */
const wordsIn = (text: string): readonly string[] =>
  [text.replace(/@.*$/u, ""), ...text.split(/[^\p{L}\p{N}]+/u)].filter((word) => word.length > 2);

const isBreached = async (
  breached: BreachedPasswords | undefined,
  password: string,
): Promise<boolean> => {
  if (breached === undefined) return false;
  return breached.has(password).catch(() => false);
};
