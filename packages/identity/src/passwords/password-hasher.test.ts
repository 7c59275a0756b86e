import { parseOptions } from "@node-rs/argon2";
import { describe, expect, test } from "vitest";
import { MemorySlots } from "./memory-slots.ts";
import { DEFAULT_PASSWORD_HASHING, PasswordHasher } from "./password-hasher.ts";

const CHEAP = { memoryKiB: 8, passes: 1 };
const PASSWORD = "correct horse battery staple";

describe("the password hasher", () => {
  test("keeps argon2id with its parameters, OWASP's by default", async () => {
    const hash = await (await PasswordHasher.create()).hash(PASSWORD);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(parseOptions(hash)).toMatchObject({ saltLen: 16, outputLen: 32 });
  });

  test("tells the right password from a wrong one, and has a salt for each hash", async () => {
    const hasher = await PasswordHasher.create(CHEAP);
    const kept = await hasher.hash(PASSWORD);
    expect(await hasher.hash(PASSWORD)).not.toBe(kept);
    expect(await hasher.verify(kept, PASSWORD)).toEqual({ right: true });
    expect(await hasher.verify(kept, `${PASSWORD}!`)).toEqual({ right: false });
  });

  test("gives a newer hash when a right password's has other parameters than today's", async () => {
    const old = await (await PasswordHasher.create(CHEAP)).hash(PASSWORD);
    const today = await PasswordHasher.create({ ...CHEAP, passes: 2 });
    const { right, rehashed } = await today.verify(old, PASSWORD);
    expect(right).toBe(true);
    expect(rehashed).toMatch(/m=8,t=2,/);
    expect(await today.verify(rehashed, PASSWORD)).toEqual({ right: true });
    expect(await today.verify(old, "wrong")).toEqual({ right: false });
  });

  test("takes characters that look the same as the same (NFKC)", async () => {
    const hasher = await PasswordHasher.create(CHEAP);
    const kept = await hasher.hash("\u00e9ﬁ\u2460");
    expect((await hasher.verify(kept, "e\u0301fi1")).right).toBe(true);
  });

  test("with a pepper, a hash is worth nothing without it", async () => {
    const peppered = await PasswordHasher.create({ ...CHEAP, pepper: new Uint8Array(32).fill(7) });
    const kept = await peppered.hash(PASSWORD);
    expect((await peppered.verify(kept, PASSWORD)).right).toBe(true);
    expect((await (await PasswordHasher.create(CHEAP)).verify(kept, PASSWORD)).right).toBe(false);
  });

  test("works as much for an unknown user, and says no", async () => {
    const hasher = await PasswordHasher.create(CHEAP);
    expect(await hasher.verify(undefined, "nobody has this password")).toEqual({ right: false });
    expect(hasher.computed).toBe(1);
  });

  test("refuses parameters that mean nothing", async () => {
    for (const wrong of [{ memoryKiB: 7 }, { passes: 0 }, { lanes: 1.5 }, { atOnce: 0 }]) {
      await expect(PasswordHasher.create(wrong)).rejects.toThrow(RangeError);
    }
    expect(DEFAULT_PASSWORD_HASHING.memoryKiB * DEFAULT_PASSWORD_HASHING.atOnce).toBeLessThan(
      100 * 1024,
    );
  });
});

describe("memory slots", () => {
  test("never run more at once than they have, and turn nobody's order around", async () => {
    const slots = new MemorySlots(2, 1);
    const done: number[] = [];
    let running = 0;
    let most = 0;
    const ends: (() => void)[] = [];
    const jobs = [0, 1, 2, 3].map((job) =>
      slots.run(async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => ends.push(resolve));
        running--;
        done.push(job);
      }),
    );
    expect(slots.full).toBe(true);
    for (let job = 0; job < jobs.length; job++) {
      ends.shift()?.();
      await jobs[job];
    }
    expect({ done, most, full: slots.full }).toEqual({ done: [0, 1, 2, 3], most: 2, full: false });
  });

  test("are given back by work that fails", async () => {
    const slots = new MemorySlots(1, 0);
    await expect(slots.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await slots.run(() => Promise.resolve(1))).toBe(1);
  });
});
