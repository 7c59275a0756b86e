import { describe, expect, test } from "vitest";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { keysInMemory, StandingClock, seededBytes } from "../../testing/test-identity.ts";
import { openPersonalData } from "../envelope.ts";
import type { SealedPlace } from "../personal-data.ts";
import { rewrapDataKeys } from "../rewrap.ts";

const PLACE = { subject: "usr_alice", field: "identity_user.email" };

/** What the envelope promises on every database. */
export const describeEnvelope = (name: string, fresh: FreshDatabase): void => {
  describe(`personal data on ${name}`, () => {
    const opened = async () => {
      const db = await fresh();
      const keys = keysInMemory();
      const ports = { db, keys, clock: new StandingClock().read, randomBytes: seededBytes(name) };
      const personalData = await openPersonalData(ports);
      await db.transaction().execute((tx) => personalData.begin(tx, PLACE.subject));
      return { db, keys, ports, personalData };
    };

    test("opens where it was sealed, and nowhere else", async () => {
      const { db, personalData } = await opened();
      await db.transaction().execute((tx) => personalData.begin(tx, "usr_bob"));
      const sealed = await personalData.seal(db, PLACE, "alice@example.org");
      expect(Buffer.from(sealed).includes("alice")).toBe(false);
      expect(await personalData.open(db, PLACE, sealed)).toBe("alice@example.org");
      const elsewhere = { ...PLACE, field: "identity_user.phone" };
      await expect(personalData.open(db, elsewhere, sealed)).rejects.toThrow();
      const another = { ...PLACE, subject: "usr_bob" };
      await expect(personalData.open(db, another, sealed)).rejects.toThrow();
    });

    test("the same text sealed twice looks different, and its index is the same in every process", async () => {
      const { db, ports, personalData } = await opened();
      const one = await personalData.seal(db, PLACE, "same");
      expect(await personalData.seal(db, PLACE, "same")).not.toEqual(one);
      const restarted = await openPersonalData(ports);
      expect(await restarted.index("email", "same")).toEqual(
        await personalData.index("email", "same"),
      );
      expect(await personalData.index("phone", "same")).not.toEqual(
        await personalData.index("email", "same"),
      );
      expect(await restarted.open(db, PLACE, one)).toBe("same");
    });

    test("a destroyed key opens nothing, in no process, and is never made again", async () => {
      const { db, ports, personalData } = await opened();
      const other = await openPersonalData(ports);
      const sealed = await personalData.seal(db, PLACE, "alice@example.org");
      expect(await other.open(db, PLACE, sealed)).toBe("alice@example.org");
      await db.transaction().execute((tx) => personalData.destroy(tx, PLACE.subject));
      await db.transaction().execute((tx) => personalData.begin(tx, PLACE.subject));
      expect(await personalData.has(db, PLACE.subject)).toBe(false);
      expect(await personalData.open(db, PLACE, sealed)).toBeUndefined();
      expect(await other.open(db, PLACE, sealed)).toBeUndefined();
      await expect(personalData.seal(db, PLACE, "again")).rejects.toThrow(RangeError);
    });

    test("the keys that belong to no user can't be destroyed", async () => {
      const { db, personalData } = await opened();
      const destroy = (subject: string) =>
        db.transaction().execute((tx) => personalData.destroy(tx, subject));
      await expect(destroy("system")).rejects.toThrow(RangeError);
      await expect(destroy("index")).rejects.toThrow(RangeError);
    });

    test("a key that a transaction makes is gone if the transaction is", async () => {
      const { db, personalData } = await opened();
      const failed = db.transaction().execute(async (tx) => {
        await personalData.begin(tx, "usr_carol");
        await personalData.seal(tx, { ...PLACE, subject: "usr_carol" }, "carol");
        throw new Error("the host changed its mind");
      });
      await expect(failed).rejects.toThrow("changed its mind");
      expect(await personalData.has(db, "usr_carol")).toBe(false);
    });

    test("a key is unwrapped once, not for each value", async () => {
      const { db, keys, personalData } = await opened();
      const before = keys.unwraps;
      for (const text of ["a", "b", "c"]) {
        const sealed = await personalData.seal(db, PLACE, text);
        expect(await personalData.open(db, PLACE, sealed)).toBe(text);
      }
      expect(keys.unwraps - before).toBe(1);
    });

    test("all keys move to the current one without a moment in which a value doesn't open", async () => {
      const { db, keys, ports, personalData } = await opened();
      const users = Array.from({ length: 25 }, (_, n) => `usr_${n}`);
      const values: { readonly place: SealedPlace; readonly sealed: Uint8Array }[] = [];
      for (const subject of users) {
        const place = { ...PLACE, subject };
        await db.transaction().execute((tx) => personalData.begin(tx, subject));
        values.push({ place, sealed: await personalData.seal(db, place, subject) });
      }
      await db.transaction().execute((tx) => personalData.destroy(tx, "usr_3"));
      keys.use("second");

      const stopped = new AbortController();
      stopped.abort();
      const none = await rewrapDataKeys(db, keys, { signal: stopped.signal });
      // 25 users, alice, the system's and the index's, without the one that is destroyed.
      expect(none).toEqual({ rewrapped: 0, remaining: 27 });

      const stillOpens = async (reader = personalData) => {
        for (const { place, sealed } of values) {
          const kept = place.subject === "usr_3" ? undefined : place.subject;
          expect(await reader.open(db, place, sealed)).toBe(kept);
        }
        return { rewrapped: 0 };
      };
      const both = await Promise.all([
        rewrapDataKeys(db, keys, { batch: 4, rest: 1 }),
        rewrapDataKeys(db, keys, { batch: 7 }),
        stillOpens(),
      ]);
      expect(both.reduce((sum, { rewrapped }) => sum + rewrapped, 0)).toBe(27);
      expect(await rewrapDataKeys(db, keys)).toEqual({ rewrapped: 0, remaining: 0 });
      await stillOpens(await openPersonalData(ports));
    });
  });
};
