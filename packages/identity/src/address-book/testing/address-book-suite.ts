import { describe, expect, test } from "vitest";
import { changePhrase, phraseChange } from "../../anti-phishing/phrase.ts";
import { relayOutbox } from "../../outbox/relay.ts";
import { findSecurityHold } from "../../security-holds/security-hold.ts";
import { confirmed } from "../../step-up/testing/step-up-suite.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { testIdentity } from "../../testing/test-identity.ts";
import { addAddress, confirmAddress } from "../add-address.ts";
import { type AddressCheck, type AddressEntry, addressAddition } from "../address-entry.ts";
import { listAddresses, removeAddress, resumeAddress, suspendAddress } from "../change-address.ts";
import { ADDRESS_BOOK_OPENING, closeAddressBook, openAddressBook } from "../only-listed.ts";
import { allowAddress } from "../use-address.ts";

const HOUR = 3_600_000;
const COLD = {
  network: "bitcoin",
  address: "bc1qalice",
  memo: "",
  label: "cold storage",
  beneficiary: { kind: "self" },
} as const satisfies AddressEntry;

/** A user with a book, and all messages that were sent to them. */
export const withAddressBook = async (fresh: FreshDatabase) => {
  const identity = await testIdentity(await fresh());
  const session = { id: "ses_1", user: await identity.user("usr_alice") };
  const blocked = new Set<string>();
  const addresses: AddressCheck = {
    async check({ network, address, memo }) {
      const canonical = address.toLowerCase();
      if (!canonical.startsWith("bc1q")) return { ok: false, code: "address_malformed" };
      if (blocked.has(canonical)) return { ok: false, code: "address_blocked" };
      return { ok: true, destination: { network, address: canonical, memo } };
    },
  };
  const context = { ...identity, addresses };
  /** The values of the newest message of a kind. */
  const newest = async (kind: string) => {
    const sent: { kind: string; values: Readonly<Record<string, string>> }[] = [];
    const notifier = { notify: async (notice: (typeof sent)[number]) => void sent.push(notice) };
    const contacts = { addressOf: async () => "alice@example.org" };
    await relayOutbox(identity, { notifier, contacts, commands: { execute: async () => {} } });
    return sent.filter((notice) => notice.kind === kind).at(-1)?.values ?? {};
  };
  const tryAdd = async (entry: AddressEntry) => {
    const elevation = await confirmed(identity, session, addressAddition(entry));
    return addAddress(context, { session, elevation, entry });
  };
  const add = async (entry: AddressEntry = COLD) => {
    const added = await tryAdd(entry);
    if (!added.ok) throw new Error(added.code);
    return added.id;
  };
  const token = async () => (await newest("address_confirmation"))["token"] ?? "";
  const allow = (part: Partial<Parameters<typeof allowAddress>[2]> = {}) => {
    const { network, address, memo } = COLD;
    const use = { user: "usr_alice", network, address, memo, by: "session", ...part } as const;
    return allowAddress(context, context.db, use);
  };
  return { context, identity, session, blocked, newest, tryAdd, add, token, allow };
};

/** What the address book promises on every database. */
export const describeAddressBook = (name: string, fresh: FreshDatabase): void => {
  describe(`an address of the book on ${name}`, () => {
    test("is added by step-up, confirmed by e-mail, cools off, and then is used", async () => {
      const { context, identity, add, token, allow } = await withAddressBook(fresh);
      const id = await add();
      expect(await allow()).toMatchObject({ code: "address_not_confirmed" });
      const done = await confirmAddress(context, await token());
      const coolingUntil = identity.time.now + 72 * HOUR;
      expect(done).toEqual({ ok: true, id, coolingUntil });
      identity.time.now = coolingUntil - 1;
      expect(await allow()).toMatchObject({ code: "address_cooling", retryAt: coolingUntil });
      identity.time.advance(1);
      expect(await allow({ by: "api_key" })).toMatchObject({ ok: true, entry: COLD });
      expect(await listAddresses(context, "usr_alice")).toEqual([
        { ...COLD, id, status: "active", coolingUntil },
      ]);
    });

    test("cools off as long as the user's tier says", async () => {
      const { context, identity, add, token } = await withAddressBook(fresh);
      await add();
      const tiered = { ...context, coolingOff: () => 24 * HOUR };
      const done = await confirmAddress(tiered, await token());
      expect(done).toMatchObject({ coolingUntil: identity.time.now + 24 * HOUR });
    });

    test("is confirmed once, within a day, by the token that was sent", async () => {
      const { context, identity, add, token } = await withAddressBook(fresh);
      await add();
      const sent = await token();
      const unknown = { ok: false, code: "confirmation_unknown" };
      for (const wrong of ["", "pxa_", `${sent}x`, sent.toUpperCase(), "\0"]) {
        expect(await confirmAddress(context, wrong)).toMatchObject(unknown);
      }
      expect((await confirmAddress(context, sent)).ok).toBe(true);
      expect(await confirmAddress(context, sent)).toMatchObject(unknown);
      await add({ ...COLD, address: "bc1qlate" });
      const late = await token();
      identity.time.advance(24 * HOUR);
      expect(await confirmAddress(context, late)).toMatchObject(unknown);
    });

    test("is the one that was confirmed, in whatever letters it is written", async () => {
      const { context, session, identity, add, token, allow, tryAdd } =
        await withAddressBook(fresh);
      const elevation = await confirmed(identity, session, addressAddition(COLD));
      const other = { ...COLD, address: "bc1qmallory" };
      const swapped = await addAddress(context, { session, elevation, entry: other });
      expect(swapped).toMatchObject({ code: "elevation_of_another_operation" });
      await add({ ...COLD, address: "BC1QALICE" });
      expect(await tryAdd(COLD)).toMatchObject({ code: "address_already_listed" });
      await confirmAddress(context, await token());
      identity.time.advance(72 * HOUR);
      expect((await allow()).ok).toBe(true);
      expect(await allow({ memo: "7", by: "api_key" })).toMatchObject({
        code: "address_not_listed",
      });
      expect(await allow({ network: "signet", by: "api_key" })).toMatchObject({
        code: "address_not_listed",
      });
    });

    test.each<[string, Partial<AddressEntry>, string]>([
      ["no address", { address: "1nope" }, "address_malformed"],
      ["no label", { label: "" }, "label_malformed"],
      [
        "a nameless beneficiary",
        { beneficiary: { kind: "other", name: "" } },
        "beneficiary_malformed",
      ],
    ])("is not added with %s", async (_, part, code) => {
      const { context, tryAdd } = await withAddressBook(fresh);
      expect(await tryAdd({ ...COLD, ...part })).toMatchObject({ ok: false, code });
      expect(await listAddresses(context, "usr_alice")).toEqual([]);
    });

    test("is screened when it is added and again when it is used", async () => {
      const { context, identity, add, blocked, token, allow, tryAdd } =
        await withAddressBook(fresh);
      await add();
      await confirmAddress(context, await token());
      identity.time.advance(72 * HOUR);
      blocked.add("bc1qalice");
      expect(await allow()).toMatchObject({ code: "address_blocked" });
      blocked.add("bc1qevil");
      const refused = await tryAdd({ ...COLD, address: "bc1qevil" });
      expect(refused).toMatchObject({ code: "address_blocked" });
    });

    test("is suspended at once, resumed after cooling off anew, removed for good, by its owner (GHSA-4vcf)", async () => {
      const { context, identity, add, token, allow } = await withAddressBook(fresh);
      await identity.user("usr_mallory");
      const id = await add();
      await confirmAddress(context, await token());
      identity.time.advance(72 * HOUR);
      const change = { actor: "usr_alice", user: "usr_alice", id };
      const theft = { ...change, actor: "usr_mallory", user: "usr_mallory" };
      for (const act of [suspendAddress, resumeAddress, removeAddress]) {
        expect(await act(context, theft)).toMatchObject({ code: "address_unknown" });
      }
      expect(await suspendAddress(context, change)).toEqual({ ok: true });
      expect(await allow()).toMatchObject({ code: "address_suspended" });
      expect(await resumeAddress(context, change)).toEqual({ ok: true });
      expect(await allow()).toMatchObject({ code: "address_cooling" });
      expect(await removeAddress(context, change)).toEqual({ ok: true });
      expect(await allow({ by: "api_key" })).toMatchObject({ code: "address_not_listed" });
      expect(await resumeAddress(context, change)).toMatchObject({ code: "address_unknown" });
    });
  });

  describe(`the book alone, on ${name}`, () => {
    test("binds at once, and opens only after the time that an address cools off", async () => {
      const { context, identity, session, allow } = await withAddressBook(fresh);
      expect(await allow()).toMatchObject({ ok: true, entry: undefined });
      await closeAddressBook(context, "usr_alice");
      expect(await allow()).toMatchObject({ code: "address_not_listed" });
      const open = async () => {
        const elevation = await confirmed(identity, session, ADDRESS_BOOK_OPENING);
        return openAddressBook(context, { session, elevation });
      };
      const opensAt = identity.time.now + 72 * HOUR;
      expect(await open()).toEqual({ ok: true, opensAt });
      identity.time.advance(HOUR);
      expect(await open()).toEqual({ ok: true, opensAt });
      identity.time.now = opensAt - 1;
      expect(await allow()).toMatchObject({ code: "address_not_listed" });
      identity.time.advance(1);
      expect((await allow()).ok).toBe(true);
      await closeAddressBook(context, "usr_alice");
      expect(await allow()).toMatchObject({ code: "address_not_listed" });
    });

    test("isn't opened without a step-up, and an opening can be taken back", async () => {
      const { context, identity, session, allow } = await withAddressBook(fresh);
      await closeAddressBook(context, "usr_alice");
      const guess = await openAddressBook(context, { session, elevation: "elv_guess" });
      expect(guess).toMatchObject({ code: "elevation_unknown" });
      const elevation = await confirmed(identity, session, ADDRESS_BOOK_OPENING);
      await openAddressBook(context, { session, elevation });
      await closeAddressBook(context, "usr_alice");
      identity.time.advance(100 * HOUR);
      expect(await allow()).toMatchObject({ code: "address_not_listed" });
    });
  });

  describe(`the anti-phishing phrase on ${name}`, () => {
    const begun = async () => {
      const book = await withAddressBook(fresh);
      const { identity, session } = book;
      const change = async (phrase: string) => {
        const elevation = await confirmed(identity, session, phraseChange(phrase));
        return changePhrase(identity, { session, elevation, phrase });
      };
      return { ...book, change };
    };

    test("stands in every message, and another one holds withdrawals", async () => {
      const { identity, change } = await begun();
      expect(await change("seven green herons")).toEqual({ ok: true });
      expect(await findSecurityHold(identity, identity.db, "usr_alice")).toBeUndefined();
      expect(await change("nine grey geese")).toEqual({ ok: true });
      const hold = await findSecurityHold(identity, identity.db, "usr_alice");
      expect(hold?.reason).toBe("anti_phishing_phrase_changed");
      const phrases: (string | undefined)[] = [];
      await relayOutbox(identity, {
        notifier: { notify: async (notice) => void phrases.push(notice.antiPhishingPhrase) },
        contacts: { addressOf: async () => "alice@example.org" },
        commands: { execute: async () => {} },
      });
      expect(phrases).toEqual(["nine grey geese"]);
    });

    test("is not changed without a step-up of that phrase", async () => {
      const { identity, session } = await begun();
      const elevation = await confirmed(identity, session, phraseChange("seven green herons"));
      const other = await changePhrase(identity, { session, elevation, phrase: "other phrase" });
      expect(other).toMatchObject({ code: "elevation_of_another_operation" });
    });

    test("holds nothing that a message would take for more than text", async () => {
      const { change } = await begun();
      const wrong = [
        "abc",
        "x".repeat(41),
        " lead",
        "two  spaces",
        "a\nb c",
        "<b>bold</b>",
        "http://evil",
      ];
      for (const phrase of wrong) {
        expect(await change(phrase)).toMatchObject({ code: "phrase_malformed" });
      }
    });
  });
};
