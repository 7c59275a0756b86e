import { describe, expect, test } from "vitest";
import type { Notice } from "../../notifications/notifier.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { testIdentity } from "../../testing/test-identity.ts";
import { enqueueCommand, enqueueNotice } from "../outbox.ts";
import { type HostCommand, type RelayPorts, relayOutbox } from "../relay.ts";

const NOTICE = {
  user: "usr_alice",
  kind: "new_device",
  values: { device: "Alice's phone" },
  channel: "email",
} as const;

/** Ports that keep what they are given, and refuse while they are told to. */
const recordingPorts = () => {
  const notices: Notice[] = [];
  const executed: HostCommand[] = [];
  const state = { refuses: false, address: "alice@example.org" as string | undefined };
  const answer = () => {
    if (state.refuses) throw new Error("alice@example.org: mailbox unavailable");
  };
  const ports: RelayPorts = {
    notifier: {
      async notify(notice) {
        answer();
        notices.push(notice);
      },
    },
    contacts: { addressOf: async () => state.address },
    commands: {
      async execute(command) {
        answer();
        executed.push(command);
      },
    },
  };
  return { notices, executed, state, ports };
};

/** What the outbox promises on every database. */
export const describeOutbox = (name: string, fresh: FreshDatabase): void => {
  describe(`the outbox on ${name}`, () => {
    const begun = async () => {
      const identity = await testIdentity(await fresh());
      await identity.user("usr_alice");
      const enqueue = (notice: Parameters<typeof enqueueNotice>[2]) =>
        identity.db.transaction().execute((tx) => enqueueNotice(identity, tx, notice));
      const rows = () =>
        identity.db
          .selectFrom("identity_outbox")
          .select(["status", "attempts", "body"])
          .orderBy("channel", "desc")
          .execute();
      return { identity, enqueue, rows, ...recordingPorts() };
    };

    test("sends what was committed, once, and nothing else", async () => {
      const { identity, enqueue, notices, ports } = await begun();
      const failed = identity.db.transaction().execute(async (tx) => {
        await enqueueNotice(identity, tx, NOTICE);
        throw new Error("rolled back");
      });
      await expect(failed).rejects.toThrow("rolled back");
      await enqueue(NOTICE);
      const once = { delivered: 1, deferred: 0, givenUp: 0 };
      expect(await relayOutbox(identity, ports)).toEqual(once);
      expect(await relayOutbox(identity, ports)).toEqual({ ...once, delivered: 0 });
      expect(notices).toHaveLength(1);
      expect(notices[0]).toMatchObject({
        channel: "email",
        to: "alice@example.org",
        kind: "new_device",
        values: { device: "Alice's phone" },
      });
    });

    test("keeps what it says sealed, and only until it is sent", async () => {
      const { identity, enqueue, ports, rows } = await begun();
      await enqueue({ ...NOTICE, to: "alice@example.net" });
      const [waiting] = await rows();
      expect(Buffer.from(waiting?.body ?? []).includes("alice")).toBe(false);
      await relayOutbox(identity, ports);
      expect(await rows()).toEqual([{ status: "delivered", attempts: 1, body: null }]);
    });

    test("sends to the address that was given, or else to the one of today", async () => {
      const { identity, enqueue, notices, state, ports } = await begun();
      await enqueue({ ...NOTICE, to: "before@example.org" });
      await enqueue(NOTICE);
      state.address = "today@example.org";
      await relayOutbox(identity, ports);
      const addresses = notices.map(({ to }) => to).sort();
      expect(addresses).toEqual(["before@example.org", "today@example.org"]);
      state.address = undefined;
      await enqueue(NOTICE);
      expect(await relayOutbox(identity, ports)).toEqual({ delivered: 0, deferred: 0, givenUp: 1 });
    });

    test("tries again under the same id, later each time, and gives up a notice but no command", async () => {
      const { identity, enqueue, executed, notices, state, ports, rows } = await begun();
      const command = { commandId: "wd-1", user: "usr_alice", kind: "hold", body: { units: "5" } };
      await enqueue({ ...NOTICE, expiresAt: identity.time.now + 10 * 86_400_000 });
      await identity.db.transaction().execute((tx) => enqueueCommand(identity, tx, command));
      state.refuses = true;
      expect(await relayOutbox(identity, ports)).toEqual({ delivered: 0, deferred: 2, givenUp: 0 });
      identity.time.advance(9_999);
      expect(await relayOutbox(identity, ports)).toEqual({ delivered: 0, deferred: 0, givenUp: 0 });
      for (let attempt = 2; attempt <= 12; attempt++) {
        identity.time.advance(6 * 3_600_000);
        await relayOutbox(identity, ports);
      }
      expect(await rows()).toMatchObject([
        { status: "given_up", attempts: 12, body: null },
        { status: "waiting", attempts: 12 },
      ]);
      state.refuses = false;
      identity.time.advance(6 * 3_600_000);
      expect(await relayOutbox(identity, ports)).toEqual({ delivered: 1, deferred: 0, givenUp: 0 });
      expect(executed).toEqual([command]);
      expect(notices).toEqual([]);
    });

    test("never sends what has expired, or what is of an erased user", async () => {
      const { identity, enqueue, notices, ports } = await begun();
      await enqueue({ ...NOTICE, expiresAt: identity.time.now + 600_000 });
      identity.time.advance(600_000);
      await enqueue(NOTICE);
      await identity.db
        .transaction()
        .execute((tx) => identity.personalData.destroy(tx, "usr_alice"));
      expect(await relayOutbox(identity, ports)).toEqual({ delivered: 0, deferred: 0, givenUp: 2 });
      expect(notices).toEqual([]);
    });

    test("takes an id for one command only", async () => {
      const { identity } = await begun();
      const command = { commandId: "wd-1", user: "usr_alice", kind: "hold", body: {} };
      const enqueue = () =>
        identity.db.transaction().execute((tx) => enqueueCommand(identity, tx, command));
      await enqueue();
      await expect(enqueue()).rejects.toThrow();
    });

    test("gives each row to one of several relays", async () => {
      const { identity, enqueue, notices, ports } = await begun();
      for (let n = 0; n < 20; n++) await enqueue(NOTICE);
      const relays = Array.from({ length: 5 }, () => relayOutbox(identity, ports, 7));
      const done = await Promise.all(relays);
      await relayOutbox(identity, ports);
      expect(done.every(({ deferred }) => deferred === 0)).toBe(true);
      expect(new Set(notices.map(({ id }) => id)).size).toBe(20);
      expect(notices).toHaveLength(20);
    });
  });
};
