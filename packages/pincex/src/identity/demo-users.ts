import {
  type AccountContext,
  completeRegistration,
  findUserByEmail,
  listApiKeys,
  provisionApiKey,
  requestRegistration,
  revokeApiKey,
} from "@pincex/identity";
import type { DemoKey } from "../exchange/demo-keys.ts";
import type { Mailbox } from "./mailbox.ts";

const LABEL = "demo";

const CLIENT = { address: "127.0.0.1", name: "pincex" };

/** The address of a demo account. Nobody has it: `example` is a name for examples (RFC 2606). */
export const demoEmail = (name: string): string => `${name}@pincex.example`;

/**
 * Registers a demo account's user as anybody is registered, if it isn't there, and gives it the key of the file. Answers who it is. Whoever
 * has frozen the account, or revoked its key, finds it so.
 */
export const openDemoUser = async (
  context: AccountContext,
  key: DemoKey,
  mailOf: (email: string) => Promise<Mailbox["mails"][number] | undefined>,
): Promise<string> => {
  const email = demoEmail(key.name);
  const found = await findUserByEmail(context, email);
  if (found !== undefined && found.status !== "active" && found.status !== "pending") {
    return found.user;
  }
  const user =
    found?.status === "active" ? found.user : await register(context, key, email, mailOf);
  await keepKey(context, user, key);
  return user;
};

const register = async (
  context: AccountContext,
  { name, password }: DemoKey,
  email: string,
  mailOf: (email: string) => Promise<Mailbox["mails"][number] | undefined>,
): Promise<string> => {
  const asked = await requestRegistration(context, { email, client: CLIENT });
  if (!asked.ok) throw new Error(`the demo account ${name} can't be registered: ${asked.code}`);
  const { token = "" } = (await mailOf(email))?.values ?? {};
  const made = await completeRegistration(context, {
    token,
    password,
    displayName: name,
    client: CLIENT,
  });
  if (!made.ok) throw new Error(`the demo account ${name} can't be registered: ${made.code}`);
  return made.user;
};

/** The file says which key there is: one that was deleted from it ends. */
const keepKey = async (
  context: AccountContext,
  user: string,
  { name, apiKey, secret }: DemoKey,
): Promise<void> => {
  const keys = (await listApiKeys(context, user)).filter(({ label }) => label === LABEL);
  for (const other of keys) {
    if (other.apiKey !== apiKey) await revokeApiKey(context, { user, apiKey: other.apiKey });
  }
  if (keys.some((kept) => kept.apiKey === apiKey)) return;
  const wish = { label: LABEL, permissions: ["read", "trade"] } as const;
  const made = await provisionApiKey(context, { user, wish, known: { apiKey, secret } });
  // Revoked by its owner: a key doesn't come to life again.
  if (!made.ok && made.code !== "known_key_taken") {
    throw new Error(`the demo account ${name} can't have its key: ${made.code}`);
  }
};
