import { generateKeyPairSync } from "node:crypto";
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, test } from "vitest";
import { appointFirstAdmin } from "../../roles/grant-role.ts";
import { roleBook } from "../../roles/role.ts";
import { reauthenticate } from "../../sign-in/reauthentication.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../testing/durations.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { ADDRESS, codeOf, PASSWORD, testAccounts } from "../../testing/test-accounts.ts";
import { authenticate } from "../authenticate.ts";
import { endOtherSessions, endSession, signOut } from "../end-sessions.ts";
import { listSessions } from "../list-sessions.ts";
import { refreshSession } from "../refresh-session.ts";
import { SessionJwts, verifySessionJwt } from "../session-jwts.ts";
import { endSessionsByStaff } from "../staff-end-sessions.ts";

const signedUp = async (fresh: FreshDatabase) => {
  const accounts = await testAccounts(await fresh());
  await accounts.register();
  return accounts;
};

/** What sessions promise on every database. */
export const describeSessions = (name: string, fresh: FreshDatabase): void => {
  describe(`sessions on ${name}`, () => {
    test("end half an hour after the last use, and twelve hours after they began", async () => {
      const accounts = await signedUp(fresh);
      const { tokens } = await accounts.signIn();
      const other = await accounts.signIn();
      const began = accounts.time.now;
      expect(tokens.expiresAt).toBe(began + 30 * MINUTE);
      while (accounts.time.now < began + 12 * HOUR - 20 * MINUTE) {
        accounts.time.advance(20 * MINUTE);
        expect(codeOf(await authenticate(accounts, tokens.token))).toBe("ok");
      }
      accounts.time.now = began + 12 * HOUR - 1;
      expect(codeOf(await authenticate(accounts, tokens.token))).toBe("ok");
      accounts.time.advance(1);
      expect(codeOf(await authenticate(accounts, tokens.token))).toBe("session_invalid");
      expect(codeOf(await authenticate(accounts, other.tokens.token))).toBe("session_invalid");
    });

    test("are always new: a token that a client brings becomes none (session fixation)", async () => {
      const accounts = await signedUp(fresh);
      const planted = `pxs_${"A".repeat(43)}`;
      const first = await accounts.signIn({ name: planted, deviceToken: planted });
      const second = await accounts.signIn();
      expect(first.tokens.token).not.toBe(second.tokens.token);
      expect(codeOf(await authenticate(accounts, planted))).toBe("session_invalid");
    });

    test.each([undefined, null, 0, {}, "", "Bearer x", "pxs_", "\u0000", "pxr_".padEnd(47, "A")])(
      "a malformed token is no session and throws nothing (GHSA-xmf8): case %#",
      async (token) => {
        const accounts = await testAccounts(await fresh());
        expect(codeOf(await authenticate(accounts, token))).toBe("session_invalid");
        expect(codeOf(await refreshSession(accounts, token))).toBe("refresh_invalid");
      },
    );

    test("are ended by staff whose role allows it, and by nobody else; their user is told", async () => {
      const accounts = { ...(await signedUp(fresh)), roles: roleBook() };
      const { session } = await accounts.signIn();
      const admin = await accounts.register("admin@example.com");
      const staff = await accounts.signIn({}, "browser", "admin@example.com");
      const denied = await endSessionsByStaff(accounts, staff.session, session.user);
      expect(codeOf(denied)).toBe("permission_missing");
      await accounts.db
        .transaction()
        .execute((transaction) => appointFirstAdmin(accounts, transaction, admin));
      expect(await endSessionsByStaff(accounts, staff.session, session.user)).toEqual({
        ok: true,
        ended: 1,
      });
      expect((await accounts.notice("sessions_ended_by_staff")).user).toBe(session.user);
      const nobody = await endSessionsByStaff(accounts, staff.session, "usr_nobody");
      expect(nobody).toEqual({ ok: true, ended: 0 });
      expect(codeOf(await authenticate(accounts, staff.tokens.token))).toBe("ok");
    });

    test("are listed with their devices and ended one by one, all but one, and by signing out", async () => {
      const accounts = await signedUp(fresh);
      const first = await accounts.signIn({ name: "Firefox on Linux" });
      accounts.time.advance(SECOND);
      const second = await accounts.signIn({ name: "app", address: "2001:db8::7" }, "app");
      const third = await accounts.signIn({ name: "curl" });
      expect(await listSessions(accounts, first.session)).toMatchObject([
        { deviceName: expect.stringMatching(/app|curl/), current: false },
        { deviceName: expect.stringMatching(/app|curl/), current: false },
        { id: first.session.id, deviceName: "Firefox on Linux", address: ADDRESS, current: true },
      ]);
      expect(codeOf(await endSession(accounts, first.session, second.session.id))).toBe("ok");
      expect(codeOf(await endSession(accounts, first.session, second.session.id))).toBe(
        "session_unknown",
      );
      expect(codeOf(await authenticate(accounts, second.tokens.token))).toBe("session_invalid");
      const { refreshToken } = second.tokens;
      expect(codeOf(await refreshSession(accounts, refreshToken))).toBe("refresh_invalid");
      expect(await endOtherSessions(accounts, first.session)).toEqual({ ok: true, ended: 1 });
      expect(codeOf(await authenticate(accounts, third.tokens.token))).toBe("session_invalid");
      expect(codeOf(await authenticate(accounts, first.tokens.token))).toBe("ok");
      expect(codeOf(await signOut(accounts, first.session))).toBe("ok");
      expect(codeOf(await authenticate(accounts, first.tokens.token))).toBe("session_invalid");
      // What still holds the session object can do nothing with it any more.
      expect(codeOf(await endOtherSessions(accounts, first.session))).toBe("session_invalid");
      expect(await accounts.audited("session.ended")).toBe(2);
    });

    test("of somebody else are unknown (GHSA-fmh4)", async () => {
      const accounts = await signedUp(fresh);
      await accounts.register("mallory@example.com");
      const alice = await accounts.signIn();
      const mallory = (await accounts.signIn({}, "browser", "mallory@example.com")).session;
      for (const target of [alice.session.id, "", "\u0000", "ses_x", "'; drop table"]) {
        expect(codeOf(await endSession(accounts, mallory, target))).toBe("session_unknown");
      }
      expect(codeOf(await authenticate(accounts, alice.tokens.token))).toBe("ok");
      expect(await listSessions(accounts, mallory)).toHaveLength(1);
    });

    test("don't outlive their user's being frozen, erased or deleted (GHSA-2vg6)", async () => {
      const accounts = await signedUp(fresh);
      for (const status of ["frozen", "erased"] as const) {
        const { tokens } = await accounts.signIn({}, "app");
        await accounts.db.updateTable("identity_user").set({ status }).execute();
        expect(codeOf(await authenticate(accounts, tokens.token))).toBe("session_invalid");
        expect(codeOf(await refreshSession(accounts, tokens.refreshToken))).toBe("refresh_invalid");
        await accounts.db.updateTable("identity_user").set({ status: "active" }).execute();
      }
    });

    test("get a new token when their user proves again who they are; the old one is void", async () => {
      const accounts = await signedUp(fresh);
      const { tokens, session } = await accounts.signIn({}, "app");
      accounts.time.advance(5 * MINUTE);
      const proof = { password: PASSWORD, client: { address: ADDRESS } };
      const answer = await reauthenticate(accounts, session, proof);
      if (!answer.ok) throw new Error(answer.code);
      expect(codeOf(await authenticate(accounts, tokens.token))).toBe("session_invalid");
      expect(codeOf(await refreshSession(accounts, tokens.refreshToken))).toBe("refresh_invalid");
      expect(await accounts.session(answer.tokens.token)).toMatchObject({
        id: session.id,
        authenticatedAt: accounts.time.now,
      });
      expect(codeOf(await refreshSession(accounts, answer.tokens.refreshToken))).toBe("ok");
    });
  });

  describe(`an app's session on ${name}`, () => {
    test("lives on by its refresh token, each of which is used once", async () => {
      const accounts = await signedUp(fresh);
      const started = await accounts.signIn({}, "app");
      let { tokens } = started;
      for (let day = 0; day < 29; day++) {
        accounts.time.advance(DAY);
        expect(codeOf(await authenticate(accounts, tokens.token))).toBe("session_invalid");
        const answer = await refreshSession(accounts, tokens.refreshToken);
        if (!answer.ok) throw new Error(answer.code);
        tokens = answer.tokens;
        expect((await accounts.session(tokens.token)).id).toBe(started.session.id);
      }
      accounts.time.advance(DAY);
      expect(codeOf(await refreshSession(accounts, tokens.refreshToken))).toBe("refresh_invalid");
    });

    test("whose refresh token comes again within ten seconds gives the same successor: the answer was lost", async () => {
      const accounts = await signedUp(fresh);
      const { tokens } = await accounts.signIn({}, "app");
      const first = await refreshSession(accounts, tokens.refreshToken);
      accounts.time.advance(10 * SECOND - 1);
      expect(await refreshSession(accounts, tokens.refreshToken)).toEqual(first);
      expect(codeOf(await authenticate(accounts, tokens.token))).toBe("session_invalid");
    });

    test("ends when a used refresh token comes back, also for whoever has the newest (GHSA-392p)", async () => {
      const accounts = await signedUp(fresh);
      const { tokens } = await accounts.signIn({}, "app");
      const thief = await refreshSession(accounts, tokens.refreshToken);
      if (!thief.ok) throw new Error(thief.code);
      accounts.time.advance(10 * SECOND);
      expect(codeOf(await refreshSession(accounts, tokens.refreshToken))).toBe("refresh_invalid");
      expect(codeOf(await authenticate(accounts, thief.tokens.token))).toBe("session_invalid");
      expect(codeOf(await refreshSession(accounts, thief.tokens.refreshToken))).toBe(
        "refresh_invalid",
      );
      expect(await accounts.audited("session.refresh_reused")).toBe(1);
      expect((await accounts.notice("session_stolen")).channel).toBe("email");
    });

    test("ends within the grace too, if the successor was used: then its answer wasn't lost", async () => {
      const accounts = await signedUp(fresh);
      const { tokens } = await accounts.signIn({}, "app");
      const first = await refreshSession(accounts, tokens.refreshToken);
      if (!first.ok) throw new Error(first.code);
      const second = await refreshSession(accounts, first.tokens.refreshToken);
      if (!second.ok) throw new Error(second.code);
      expect(codeOf(await refreshSession(accounts, tokens.refreshToken))).toBe("refresh_invalid");
      expect(codeOf(await authenticate(accounts, second.tokens.token))).toBe("session_invalid");
    });

    test("has a refresh token that waits a week and no longer", async () => {
      const accounts = await signedUp(fresh);
      const { tokens } = await accounts.signIn({}, "app");
      accounts.time.advance(7 * DAY);
      expect(codeOf(await refreshSession(accounts, tokens.refreshToken))).toBe("refresh_invalid");
    });

    test("a browser's session has no refresh token", async () => {
      const accounts = await signedUp(fresh);
      expect(Object.keys((await accounts.signIn()).tokens)).toEqual(["token", "expiresAt"]);
    });
  });

  describe(`JWTs of sessions on ${name}`, () => {
    const settings = {
      issuer: "https://id.example",
      audience: "reports",
      livesMs: MINUTE,
      publishedAheadMs: HOUR,
    };

    test("say who acts, for a minute, to whom they are addressed", async () => {
      const accounts = await signedUp(fresh);
      const { session } = await accounts.signIn();
      const jwts = new SessionJwts(
        { db: accounts.db, clock: accounts.clock, keys: accounts.keys },
        settings,
      );
      await expect(jwts.export(session)).rejects.toThrow("no signing key");
      const kid = await jwts.rotate();
      const jwt = await jwts.export(session);
      const keys = await jwts.publicKeys();
      expect(keys.keys).toMatchObject([
        { kid, kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig" },
      ]);
      expect(Object.keys(keys.keys[0] ?? {})).not.toContain("d");
      const verify = (by = settings, now = accounts.time.now) =>
        verifySessionJwt(jwt, keys, by, now);
      expect(await verify()).toMatchObject({
        sub: session.user,
        sid: session.id,
        amr: ["password"],
        acr: "1",
        iss: "https://id.example",
        aud: "reports",
      });
      expect(await verify({ ...settings, audience: "others" })).toBeUndefined();
      expect(await verify({ ...settings, issuer: "https://evil.example" })).toBeUndefined();
      expect(await verify(settings, accounts.time.now + MINUTE)).toBeUndefined();
    });

    test("in another algorithm or under another key are refused (JWT alg confusion)", async () => {
      const accounts = await signedUp(fresh);
      const { session } = await accounts.signIn();
      const jwts = new SessionJwts(
        { db: accounts.db, clock: accounts.clock, keys: accounts.keys },
        settings,
      );
      const kid = await jwts.rotate();
      const keys = await jwts.publicKeys();
      const jwk = keys.keys[0] ?? {};
      const now = Math.floor(accounts.time.now / 1_000);
      const claims = { sub: session.user, sid: session.id };
      const forge = (alg: string) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg, kid, typ: "at+jwt" })
          .setIssuer(settings.issuer)
          .setAudience(settings.audience)
          .setExpirationTime(now + 60);
      // The public key as an HMAC secret: as bytes, as PEM.
      const pem = await exportSPKI(
        (await importJWK(jwk, "EdDSA", { extractable: true })) as Parameters<typeof exportSPKI>[0],
      );
      const secrets = [Buffer.from(jwk.x ?? "", "base64url"), new TextEncoder().encode(pem)];
      const forged = await Promise.all(secrets.map((secret) => forge("HS256").sign(secret)));
      const own = generateKeyPairSync("ed25519").privateKey;
      forged.push(await forge("EdDSA").sign(own));
      forged.push(
        new UnsecuredJWT(claims)
          .setIssuer(settings.issuer)
          .setAudience(settings.audience)
          .setExpirationTime(now + 60)
          .encode(),
      );
      forged.push((await jwts.export(session)).replace(/\.[^.]*$/, "."));
      forged.push("", "a.b.c", "\u0000");
      for (const jwt of forged) {
        expect(await verifySessionJwt(jwt, keys, settings, accounts.time.now)).toBeUndefined();
      }
    });

    test("are signed by a new key once it was published for a while; the old one verifies until its last token is over", async () => {
      const accounts = await signedUp(fresh);
      const { session } = await accounts.signIn();
      const jwts = new SessionJwts(
        { db: accounts.db, clock: accounts.clock, keys: accounts.keys },
        settings,
      );
      const kidOf = async () =>
        JSON.parse(
          Buffer.from((await jwts.export(session)).split(".")[0] ?? "", "base64url").toString(),
        ).kid;
      const published = async () => (await jwts.publicKeys()).keys.map(({ kid }) => kid);
      const first = await jwts.rotate();
      const second = await jwts.rotate();
      expect(await kidOf()).toBe(first);
      expect(await published()).toEqual([first, second]);
      accounts.time.advance(HOUR);
      expect(await kidOf()).toBe(second);
      expect(await published()).toEqual([first, second]);
      accounts.time.advance(5 * MINUTE);
      expect(await published()).toEqual([second]);
    });

    test("that would live for long are not made", () => {
      const ports = { db: undefined as never, clock: () => 0, keys: undefined as never };
      expect(() => new SessionJwts(ports, { ...settings, livesMs: 5 * MINUTE + 1 })).toThrow(
        RangeError,
      );
    });
  });
};
