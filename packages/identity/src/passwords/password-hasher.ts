import { hash, type Options, parseOptions, verify } from "@node-rs/argon2";
import { MemorySlots } from "./memory-slots.ts";

/** What argon2id costs. The defaults are OWASP's: 19 MiB, two passes, one lane, 12 ms. */
export interface PasswordHashing {
  /** Memory in KiB, 8 or more. */
  readonly memoryKiB: number;
  /** Passes over the memory, 1 or more. */
  readonly passes: number;
  /** Lanes, 1 or more. */
  readonly lanes: number;
  /** Hashes that run at once: with the memory of each, what they take together at most. */
  readonly atOnce: number;
  /** Hashes that wait for their turn before more are turned away. */
  readonly longestQueue: number;
  /** A secret kept outside the database, mixed into each hash: a stolen database alone then can't be guessed at. */
  readonly pepper?: Uint8Array;
}

export const DEFAULT_PASSWORD_HASHING: PasswordHashing = {
  memoryKiB: 19_456,
  passes: 2,
  lanes: 1,
  atOnce: 4,
  longestQueue: 1_000,
};

/** `Algorithm.Argon2id`: a const enum has no value where modules are compiled one by one. */
const ARGON2ID = 2;

/** Whether a password was right, and a newer hash of it where the kept one has other parameters than today's. */
export interface PasswordVerdict {
  readonly right: boolean;
  readonly rehashed?: string;
}

/**
 * Hashes passwords with argon2id. Each hash is a PHC string: it says its own parameters, so that they may change and old ones
 * still verify.
 *
 * @example
 * const passwords = await PasswordHasher.create();
 * const kept = await passwords.hash("four words are enough");
 * (await passwords.verify(kept, "four words are enough")).right; // => true
 */
export class PasswordHasher {
  readonly #settings: PasswordHashing;
  readonly #options: Options;
  readonly #slots: MemorySlots;
  readonly #nobodys: string;
  #computed = 0;

  private constructor(settings: PasswordHashing, options: Options, nobodys: string) {
    this.#settings = settings;
    this.#options = options;
    this.#slots = new MemorySlots(settings.atOnce, settings.longestQueue);
    this.#nobodys = nobodys;
  }

  /** Throws a `RangeError` for parameters below what is said there. */
  static async create(changes: Partial<PasswordHashing> = {}): Promise<PasswordHasher> {
    const settings = { ...DEFAULT_PASSWORD_HASHING, ...changes };
    for (const [name, least] of LEAST) {
      const value = settings[name];
      if (Number.isInteger(value) && value >= least) continue;
      throw new RangeError(`expected ${name} of ${least} or more, was ${value}`);
    }
    const options: Options = {
      algorithm: ARGON2ID,
      memoryCost: settings.memoryKiB,
      timeCost: settings.passes,
      parallelism: settings.lanes,
      ...(settings.pepper === undefined ? {} : { secret: settings.pepper }),
    };
    return new PasswordHasher(settings, options, await hash("nobody has this password", options));
  }

  /** How many hashes were computed so far: by this a test shows that an unknown user costs as much as a known one. */
  get computed(): number {
    return this.#computed;
  }

  /** True under more load than was allowed for: whoever asks now should be told to come again. */
  get overloaded(): boolean {
    return this.#slots.full;
  }

  hash(password: string): Promise<string> {
    return this.#slots.run(() => {
      this.#computed++;
      return hash(normalized(password), this.#options);
    });
  }

  /** Without a hash (the user is unknown or has no password) the work is the same and the answer no. */
  async verify(kept: string | undefined, password: string): Promise<PasswordVerdict> {
    const right = await this.#slots.run(() => {
      this.#computed++;
      return verify(kept ?? this.#nobodys, normalized(password), this.#options);
    });
    if (!right || kept === undefined) return { right: false };
    return this.#current(kept) ? { right } : { right, rehashed: await this.hash(password) };
  }

  #current(kept: string): boolean {
    const { algorithm, memoryCost, timeCost, parallelism } = parseOptions(kept);
    const { memoryKiB, passes, lanes } = this.#settings;
    return (
      algorithm === ARGON2ID &&
      memoryCost === memoryKiB &&
      timeCost === passes &&
      parallelism === lanes
    );
  }
}

const LEAST = [
  ["memoryKiB", 8],
  ["passes", 1],
  ["lanes", 1],
  ["atOnce", 1],
  ["longestQueue", 0],
] as const;

/** SP 800-63B-4 3.1.1.2: the same characters typed on another keyboard are the same password. */
export const normalized = (password: string): string => password.normalize("NFKC");
