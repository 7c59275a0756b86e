import { PGlite } from "@electric-sql/pglite";
import { pgliteDialect } from "@pincex/ledger/sql";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { betterAuthPrincipal } from "./better-auth-principal.ts";

const ISSUER = "https://people.example";
const PERSON = { email: "ada@example.com", password: "correct horse battery", name: "Ada" };

const authOn = (db: Kysely<unknown>, clicked: (token: string) => void) =>
  betterAuth({
    baseURL: ISSUER,
    secret: "a secret that only this test knows, 32 bytes and more",
    database: { db, type: "postgres" },
    emailAndPassword: { enabled: true },
    emailVerification: { sendVerificationEmail: async ({ token }) => clicked(token) },
    telemetry: { enabled: false },
  });

let db: Kysely<unknown>;
let auth: ReturnType<typeof authOn>;
let token = "";
beforeAll(async () => {
  db = new Kysely({ dialect: pgliteDialect(await PGlite.create()) });
  auth = authOn(db, (sent) => {
    token = sent;
  });
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
});
afterAll(() => db.destroy());

/** The cookies that a sign-in sets, as the browser sends them from then on. */
const signIn = async (): Promise<Headers> => {
  const { headers } = await auth.api.signInEmail({ body: PERSON, returnHeaders: true });
  const cookies = headers.getSetCookie().map((line) => line.split(";")[0]);
  return new Headers({ cookie: cookies.join("; ") });
};

describe("a host whose people sign in with better-auth", () => {
  test("tells who it is once the address is proved, and until the session ends", async () => {
    await auth.api.signUpEmail({ body: PERSON });
    const before = await signIn();
    expect(await betterAuthPrincipal(auth, ISSUER, before)).toBeUndefined();

    await auth.api.sendVerificationEmail({ body: { email: PERSON.email } });
    await auth.api.verifyEmail({ query: { token } });
    const headers = await signIn();
    const principal = await betterAuthPrincipal(auth, ISSUER, headers);
    expect(principal).toMatchObject({ issuer: ISSUER, methods: [] });
    expect(principal?.user).toMatch(/^[A-Za-z0-9]+$/);
    expect(Math.abs(Date.now() - (principal?.authenticatedAt ?? 0))).toBeLessThan(60_000);

    await auth.api.signOut({ headers });
    expect(await betterAuthPrincipal(auth, ISSUER, headers)).toBeUndefined();
  });

  test("nobody is somebody without a session", async () => {
    expect(await betterAuthPrincipal(auth, ISSUER, new Headers())).toBeUndefined();
    const forged = new Headers({ cookie: "better-auth.session_token=made-up.signature" });
    expect(await betterAuthPrincipal(auth, ISSUER, forged)).toBeUndefined();
  });
});
