// API keys: how many HMAC requests a second one core verifies, beside a bare loop of the same HMAC.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import {
  apiKeyCreation,
  apiKeyVerifier,
  auditTrail,
  createApiKey,
  elevate,
  type IdentityContext,
  type IdentityDatabase,
  identityDatabase,
  localKeyFile,
  migrate,
  openPersonalData,
  type SignedRequest,
} from "@pincex/identity";
import { pgliteDialect } from "@pincex/ledger/sql";
import { Kysely, sql } from "kysely";
import { median } from "../engine/median.ts";
import type { BenchOptions, Print } from "../figure.ts";

/** Keys in use, so that looking one up isn't for free. */
const KEYS = 1_000;

/** As long as an order in the Binance dialect. */
const payloadOf = (n: number): string =>
  `symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=${60_000 + (n % 997)}&recvWindow=5000&timestamp=${1_795_600_000_000 + n}`;

export const run = async (print: Print, { short }: BenchOptions): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "pincex-bench-identity-"));
  const pglite = await PGlite.create();
  const db = new Kysely<never>({ dialect: pgliteDialect(pglite) });
  try {
    await migrate(db);
    const context = await identityOn(identityDatabase(db), join(folder, "keys"));
    await verifications(print, context, short);
  } finally {
    await db.destroy();
    rmSync(folder, { recursive: true });
  }
};

const identityOn = async (db: IdentityDatabase, keyFile: string): Promise<IdentityContext> => {
  const ports = { db, keys: await localKeyFile(keyFile), clock: Date.now, randomBytes };
  const personalData = await openPersonalData(ports);
  return { ...ports, personalData, audit: auditTrail({ ...ports, personalData }) };
};

interface HeldKey {
  readonly apiKey: string;
  readonly secret: string;
}

const makeKey = async (context: IdentityContext, n: number): Promise<HeldKey> => {
  const session = { id: `ses_${n}`, user: `usr_${n}` };
  await sql`insert into pincex_identity.identity_user (id, status, created_at)
    values (${session.user}, 'active', to_timestamp(0))`.execute(context.db);
  await context.db.transaction().execute((tx) => context.personalData.begin(tx, session.user));
  const wish = { label: "bench", permissions: ["trade"] } as const;
  const factors = { prove: async () => ({ ok: true, methods: ["passkey"] }) as const };
  const elevated = await elevate(context, { session, operation: apiKeyCreation(wish), factors });
  if (!elevated.ok) throw new Error(elevated.code);
  const made = await createApiKey(context, { session, elevation: elevated.elevation, wish });
  if (!made.ok || made.secret === undefined) throw new Error("no key was made");
  return { apiKey: made.apiKey, secret: made.secret };
};

interface Signed extends SignedRequest {
  readonly secret: string;
}

const verifications = async (
  print: Print,
  context: IdentityContext,
  short: boolean,
): Promise<void> => {
  const keys: HeldKey[] = [];
  for (let n = 0; n < (short ? 50 : KEYS); n++) keys.push(await makeKey(context, n));
  const requests = Array.from({ length: short ? 20_000 : 100_000 }, (_, n): Signed => {
    const key = keys[n % keys.length] as HeldKey;
    const payload = payloadOf(n);
    const signature = createHmac("sha256", key.secret).update(payload).digest("hex");
    return { ...key, payload, signature };
  });
  const verifier = apiKeyVerifier(context, { freshness: 600_000 });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < (short ? 4 : 8); round++) {
    ours.push(await perSecond(requests, async (all) => verifyAll(verifier, all)));
    theirs.push(await perSecond(requests, bareHmac));
  }
  // The first round is the warm-up: it reads the keys and compiles the code.
  const [our, their] = [median(ours.slice(1)), median(theirs.slice(1))];
  print({
    bench: "identity/hmac verifications",
    ours: Math.round(our),
    unit: "verifications/s of one core",
    peer: "bare node:crypto loop: createHmac, digest, timingSafeEqual",
    theirs: Math.round(their),
    ratio: Math.round((our / their) * 100) / 100,
    note: `${keys.length} keys, requests of ${requests[0]?.payload.length} characters; key found, signature checked, expiry, networks, last use; median of ${ours.length - 1} rounds`,
  });
};

const verifyAll = async (
  verifier: ReturnType<typeof apiKeyVerifier>,
  requests: readonly Signed[],
): Promise<number> => {
  let genuine = 0;
  for (const request of requests) {
    const { ok } = await verifier.verify(request);
    if (ok) genuine++;
  }
  return genuine;
};

const bareHmac = async (requests: readonly Signed[]): Promise<number> => {
  let genuine = 0;
  for (const { secret, payload, signature } of requests) {
    const expected = createHmac("sha256", secret).update(payload).digest();
    if (timingSafeEqual(expected, Buffer.from(signature, "hex"))) genuine++;
  }
  return genuine;
};

/** By the processor's time, so that whatever else the machine does doesn't count. */
const perSecond = async (
  requests: readonly Signed[],
  act: (requests: readonly Signed[]) => Promise<number>,
): Promise<number> => {
  const began = process.cpuUsage();
  const genuine = await act(requests);
  const { user, system } = process.cpuUsage(began);
  if (genuine !== requests.length) throw new Error("a genuine request was refused");
  return (requests.length * 1_000_000) / (user + system);
};
