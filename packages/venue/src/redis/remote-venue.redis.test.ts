import { describe, expect, onTestFinished, test } from "vitest";
import { encodeVenueCommand, type VenueCommand } from "../commands/venue-command.ts";
import { readEvents } from "../events/venue-event.ts";
import { type MemoryJournal, memoryJournal } from "../journal/memory-journal.ts";
import { openVenue } from "../sequencer/open-venue.ts";
import type { Venue, VenueOptions } from "../sequencer/venue.ts";
import { controlledJournal } from "../testing/controlled-journal.ts";
import { missingRedis, startRedis, type TestRedis } from "../testing/redis-server.ts";
import { Views } from "../views/views.ts";
import { redisPublisher } from "./redis-bus.ts";
import { bufferOf, type RedisClient } from "./redis-client.ts";
import { type RemoteVenue, type RemoteVenueOptions, remoteVenue } from "./remote-venue.ts";
import { encodeRequests } from "./request.ts";
import { serveVenue, type VenueServer } from "./serve-venue.ts";

const missing = missingRedis();

interface Served {
  readonly venue: Venue;
  readonly views: Views;
  readonly server: VenueServer;
  stop(): Promise<void>;
}

/** A venue in this process that others may ask. */
const served = async (
  redis: RedisClient,
  options: Partial<VenueOptions> & { keepCommands?: number } = {},
): Promise<Served> => {
  const { keepCommands = 10_000, ...given } = options;
  const views = new Views();
  const venue = await openVenue({
    journal: memoryJournal(),
    clock: Date.now,
    views: [views],
    projections: [redisPublisher({ redis, keepCommands })],
    ...given,
  });
  const server = await serveVenue({ redis, venue, views: [views] });
  const stop = async (): Promise<void> => {
    await server.stop();
    await venue.stop();
  };
  onTestFinished(stop);
  return { venue, views, server, stop };
};

interface Remote {
  readonly venue: RemoteVenue;
  readonly views: Views;
  submit(command: VenueCommand): ReturnType<Venue["submit"]>;
}

const remote = async (
  server: TestRedis,
  options: Partial<RemoteVenueOptions> = {},
): Promise<Remote> => {
  const views = new Views();
  const venue = await remoteVenue({ redis: await server.connect(), views: [views], ...options });
  onTestFinished(() => venue.stop());
  return { venue, views, submit: (command) => venue.submit(encodeVenueCommand(command)) };
};

const account = (number: number): VenueCommand => ({
  kind: "open_account",
  account: number,
  name: `a${number}`,
});

const kindsOf = (events: Uint8Array): string[] => [...readEvents(events)].map(({ kind }) => kind);

describe.skipIf(missing !== undefined)(
  `with Redis${missing ? ` (skipped: ${missing})` : ""}`,
  () => {
    test("who is answered by a venue in another process reads what it wrote, and so does it", async () => {
      const redis = await startRedis();
      const { venue, views } = await served(await redis.connect());
      const one = await remote(redis);
      const other = await remote(redis);
      const { sequence, time, events } = await one.submit(account(1));
      expect([sequence, kindsOf(events)]).toEqual([1, ["applied", "account_opened"]]);
      expect(one.views.account(1)?.name).toBe("a1");
      await other.submit(account(2));
      expect([other.views.account(1)?.name, other.views.account(2)?.name]).toEqual(["a1", "a2"]);
      expect([venue.sequence, views.time >= time]).toEqual([2, true]);
    });

    test("many commands at once are each answered with their own, and all views end the same", async () => {
      const redis = await startRedis();
      const { views } = await served(await redis.connect());
      const remotes = [await remote(redis), await remote(redis)];
      const submitted = Array.from({ length: 400 }, async (_, index) => {
        const { events } = (await remotes[index % 2]?.submit(account(index + 1))) ?? {};
        const [, opened] = readEvents(events ?? new Uint8Array());
        return opened?.kind === "account_opened" && opened.account === index + 1;
      });
      expect(new Set(await Promise.all(submitted))).toEqual(new Set([true]));
      for (const { views: theirs, venue } of remotes) {
        await expect.poll(() => venue.sequence).toBe(400);
        expect([...theirs.snapshot()]).toEqual([...views.snapshot()]);
      }
    });

    test("a refusal is an event, as in the venue's own process", async () => {
      const redis = await startRedis();
      await served(await redis.connect());
      const { submit } = await remote(redis);
      await submit(account(1));
      expect(kindsOf((await submit(account(1))).events)).toEqual(["applied", "refused"]);
    });

    test("bytes that are no command are refused by a RangeError, and nothing happens", async () => {
      const redis = await startRedis();
      const { venue } = await served(await redis.connect());
      const there = await remote(redis);
      await expect(there.venue.submit(new Uint8Array(16))).rejects.toThrow(RangeError);
      expect(venue.sequence).toBe(0);
    });

    test("too many at once are refused by the client before they are sent, or by the venue", async () => {
      const redis = await startRedis();
      const { venue } = await served(await redis.connect(), { queueLimit: 1 });
      const clientsLimit = await remote(redis, { queueLimit: 1 });
      const venuesLimit = await remote(redis);
      for (const { submit } of [clientsLimit, venuesLimit]) {
        const before = venue.sequence;
        const outcomes = await Promise.allSettled(
          Array.from({ length: 20 }, (_, index) => submit(account(before + index + 1))),
        );
        const refused = outcomes.filter(({ status }) => status === "rejected");
        expect(refused.length).toBeGreaterThan(0);
        expect(refused[0]).toMatchObject({
          reason: { code: "venue_overloaded", retryAfterMs: expect.any(Number) },
        });
        expect(venue.sequence - before).toBe(20 - refused.length);
      }
    });

    test("a venue that was stopped says so", async () => {
      const redis = await startRedis();
      const { venue } = await served(await redis.connect());
      const { submit } = await remote(redis);
      await venue.stop();
      await expect(submit(account(1))).rejects.toMatchObject({ code: "venue_stopped" });
    });

    test("a venue whose journal fails says that the outcome is unknown, and why", async () => {
      const redis = await startRedis();
      const journal = controlledJournal(memoryJournal());
      await served(await redis.connect(), { journal });
      const { submit } = await remote(redis);
      journal.hold();
      const submitted = submit(account(1));
      submitted.catch(() => undefined);
      await expect.poll(() => journal.letGo("lost")).toBe(true);
      await expect(submitted).rejects.toMatchObject({
        code: "outcome_unknown",
        message: expect.stringContaining("lost"),
      });
    });

    test("a command that nobody takes has an unknown outcome, is never done later, and can be sent again", async () => {
      const redis = await startRedis();
      const client = await redis.connect();
      const journal: MemoryJournal = memoryJournal();
      const first = await served(client, { journal });
      const { submit, views } = await remote(redis, { patienceMs: 300 });
      const command = { ...account(1), commandId: "once" };
      await first.stop();
      await expect(submit(command)).rejects.toMatchObject({
        code: "outcome_unknown",
        message: expect.stringContaining("no answer in 300 ms"),
      });

      const second = await served(client, { journal: journal.reopen() });
      expect(kindsOf((await submit(command)).events)).toEqual(["applied", "account_opened"]);
      expect(kindsOf((await submit(command)).events)).toEqual(["applied", "repeated"]);
      expect([second.venue.sequence, views.accounts().length]).toEqual([2, 1]);
    });

    test("a request that comes late, and one that nobody understands, are passed over", async () => {
      const redis = await startRedis();
      const client = await redis.connect();
      const { venue } = await served(client);
      const record = encodeVenueCommand(account(1));
      const request = { kind: "submit", id: 1, patienceMs: 60_000, record } as const;
      const add = (id: string, ...fields: (string | Buffer)[]) =>
        client.sendCommand(["XADD", "pincex:requests", id, ...fields]);
      // By its id, Redis took it in 1970.
      await add("1000-0", "client", "a", "requests", bufferOf(encodeRequests([request])));
      await add("*", "hello", "there");
      await add("*", "client", "a", "requests", "noise");
      const { submit } = await remote(redis);
      expect((await submit(account(2))).sequence).toBe(1);
      expect(venue.sequence).toBe(1);
    });

    test("a process that starts long after the bus was trimmed begins with a snapshot", async () => {
      const redis = await startRedis();
      const { venue, views } = await served(await redis.connect(), { keepCommands: 10 });
      for (let number = 1; number <= 1_500; number += 1) {
        await venue.submit(encodeVenueCommand(account(number)));
      }
      await venue.flushed();
      const late = await remote(redis);
      expect(late.venue.sequence).toBe(1_500);
      await late.submit(account(1_501));
      expect([...late.views.snapshot()]).toEqual([...views.snapshot()]);
    });

    test("a snapshot that another venue left in Redis is not taken for this one's", async () => {
      const redis = await startRedis();
      const client = await redis.connect();
      await client.sendCommand(["HSET", "pincex:snapshot", "sequence", "99", "view:views", "old"]);
      await served(client);
      const { submit, views } = await remote(redis);
      await submit(account(1));
      expect(views.accounts().length).toBe(1);
    });

    test("while Redis is away commands are refused as not done; when it is back all goes on", async () => {
      const redis = await startRedis();
      const client = await redis.connect();
      const { venue, views } = await served(client);
      const there = await remote(redis);
      await there.submit(account(1));
      await redis.kill();
      await expect
        .poll(() => there.submit(account(2)).catch(({ code }) => code), { timeout: 5_000 })
        .toBe("venue_stopped");
      // The venue itself goes on.
      await venue.submit(encodeVenueCommand(account(3)));
      await redis.restart();
      await expect
        .poll(() => there.submit(account(4)).catch(() => 0), { timeout: 5_000 })
        .toBeTruthy();
      await there.submit(account(5));
      expect(there.views.account(3)?.name).toBe("a3");
      expect([...there.views.snapshot()]).toEqual([...views.snapshot()]);
      expect(await Promise.race([there.venue.stopped, Promise.resolve("goes on")])).toBe("goes on");
    });

    test("a venue stops although Redis is away, and publishes what is lacking when it starts again", async () => {
      const redis = await startRedis();
      const client = await redis.connect();
      const journal: MemoryJournal = memoryJournal();
      const first = await served(client, { journal });
      await first.venue.submit(encodeVenueCommand(account(1)));
      await first.venue.flushed();
      await redis.kill();
      await expect.poll(() => client.isReady).toBe(false);
      await first.venue.submit(encodeVenueCommand(account(2)));
      await first.stop();
      await redis.restart();
      await expect.poll(() => client.isReady).toBe(true);
      expect(await redisPublisher({ redis: client }).position()).toBe(1);
      const second = await served(client, { journal: journal.reopen() });
      await second.venue.flushed();
      expect(await redisPublisher({ redis: client }).position()).toBe(2);
    });

    test("views that have lost the thread stop, and commands with them", async () => {
      const redis = await startRedis();
      const client = await redis.connect();
      await served(client);
      const there = await remote(redis);
      await there.submit(account(1));
      await redisPublisher({ redis: client }).apply(new Uint8Array(), 9, 9);
      expect(await there.venue.stopped).toMatchObject({ code: "consumer_behind" });
      await expect(there.submit(account(2))).rejects.toMatchObject({ code: "venue_stopped" });
    });

    test.each([{ patienceMs: 0 }, { queueLimit: 1.5 }])(
      "%o make no remote venue",
      async (options) => {
        const redis = await startRedis();
        await expect(
          remoteVenue({ redis: await redis.connect(), views: [], ...options }),
        ).rejects.toThrow(RangeError);
      },
    );

    test("a client that is not connected makes no remote venue", async () => {
      const client = await (await startRedis()).connect();
      client.destroy();
      await expect(remoteVenue({ redis: client, views: [] })).rejects.toMatchObject({
        code: "venue_stopped",
      });
    });
  },
);
