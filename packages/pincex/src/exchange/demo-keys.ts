import { randomBytes } from "node:crypto";
import { chmod, open, readFile, rename } from "node:fs/promises";
import { ExchangeNotStarted, reasonOf, systemCodeOf } from "./exchange-not-started.ts";

/** How one gets into a demo account: by its API key, or by its password on the page. */
export interface DemoKey {
  readonly name: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly password: string;
}

/** Readable by the owner alone. */
const OWNER_ONLY = 0o600;

/**
 * The keys in the file, one for each name. Those that are missing are made of random bytes and written back; what is there
 * stays as it is, so that a bot's configuration survives a restart.
 */
export const openDemoKeys = async (
  file: string,
  names: readonly string[],
): Promise<readonly DemoKey[]> => {
  const found = await readKeys(file);
  const missing = names.filter((name) => !found.some((key) => key.name === name));
  // Files of before there were passwords have keys without one.
  const isWhole = found.every(({ password }) => password !== undefined);
  const keys = [
    ...found.map((key) => ({ password: randomPassword(), ...key })),
    ...missing.map(randomKey),
  ];
  if (missing.length === 0 && isWhole) {
    await chmod(file, OWNER_ONLY);
    return keys;
  }
  await writeKeys(file, keys);
  return keys;
};

const randomKey = (name: string): DemoKey => ({
  name,
  apiKey: randomBytes(32).toString("hex"),
  secret: randomBytes(32).toString("hex"),
  password: randomPassword(),
});

const randomPassword = (): string => randomBytes(16).toString("hex");

type KeptKey = Omit<DemoKey, "password"> & Partial<Pick<DemoKey, "password">>;

const readKeys = async (file: string): Promise<readonly KeptKey[]> => {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, "utf8"));
    if (Array.isArray(parsed) && parsed.every(isDemoKey)) return parsed;
    throw new SyntaxError('it is not a list of {"name","apiKey","secret","password"}');
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return [];
    throw new ExchangeNotStarted(
      "demo_keys_malformed",
      `The demo keys in ${file} cannot be read (${reasonOf(error)}): repair the file, or delete it to get new keys.`,
      error,
    );
  }
};

const isDemoKey = (value: unknown): value is KeptKey =>
  typeof value === "object" &&
  value !== null &&
  ["name", "apiKey", "secret"].every(
    (field) => typeof (value as Record<string, unknown>)[field] === "string",
  ) &&
  ["string", "undefined"].includes(typeof (value as Partial<DemoKey>).password);

/** Written beside and renamed: whoever reads sees the old file or the new one, never half of one. */
const writeKeys = async (file: string, keys: readonly DemoKey[]): Promise<void> => {
  const beside = `${file}.new`;
  const handle = await open(beside, "w", OWNER_ONLY);
  try {
    await handle.chmod(OWNER_ONLY);
    await handle.writeFile(`${JSON.stringify(keys, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, file);
};
