import { describe, expect, test } from "vitest";
import { consume } from "../bus/consume.ts";
import { describeBus, eventsOf, SequenceBook, upTo } from "../testing/bus-conformance.ts";
import { missingRedis, startRedis } from "../testing/redis-server.ts";
import { redisBus, redisPublisher } from "./redis-bus.ts";

const missing = missingRedis();

describe.skipIf(missing !== undefined)(
  `with Redis${missing ? ` (skipped: ${missing})` : ""}`,
  () => {
    describeBus("the bus in Redis", async () => {
      const redis = await (await startRedis()).connect();
      return { bus: redisBus({ redis }), publisher: redisPublisher({ redis, keepCommands: 100 }) };
    });

    test("a publisher that starts again stands where the stream ends", async () => {
      const redis = await (await startRedis()).connect();
      await redisPublisher({ redis }).apply(eventsOf(1, 7), 1, 7);
      expect(await redisPublisher({ redis }).position()).toBe(7);
      expect(await redisPublisher({ redis, name: "another" }).position()).toBe(0);
    });

    test("what two processes publish at once is delivered once", async () => {
      const server = await startRedis();
      const [one, other] = [await server.connect(), await server.connect()].map((redis) =>
        redisPublisher({ redis }),
      );
      const batches = (publisher: typeof one, size: number) => async () => {
        for (let first = 1; first <= 120; first += size) {
          const last = first + size - 1;
          await publisher?.apply(eventsOf(first, last), first, last);
        }
      };
      await Promise.all([batches(one, 4)(), batches(other, 6)()]);
      const projection = new SequenceBook();
      const consumption = await consume({
        bus: redisBus({ redis: await server.connect() }),
        projection,
      });
      await consumption.reached(120);
      expect(projection.sequences).toEqual(upTo(120));
      await consumption.stop();
    });

    test("an error of Redis's own that will not pass is told as it is", async () => {
      const redis = await (await startRedis()).connect();
      await redis.sendCommand(["SET", "pincex:events", "something else"]);
      await expect(redisPublisher({ redis }).position()).rejects.toThrow("WRONGTYPE");
      const projection = new SequenceBook();
      const consumption = await consume({ bus: redisBus({ redis }), projection });
      expect(await consumption.stopped).toMatchObject({
        message: expect.stringContaining("WRONGTYPE"),
      });
    });

    test("a consumer goes on when Redis has been killed and is back, with what it had", async () => {
      const server = await startRedis();
      const redis = await server.connect();
      const publisher = redisPublisher({ redis });
      const projection = new SequenceBook();
      const consumption = await consume({ bus: redisBus({ redis }), projection });
      await publisher.apply(eventsOf(1, 5), 1, 5);
      await consumption.reached(5);
      await server.kill();
      await expect.poll(() => redis.isReady).toBe(false);
      await expect(publisher.apply(eventsOf(6, 9), 6, 9)).rejects.toMatchObject({
        name: "RedisUnreachable",
        code: "ECONNRESET",
      });
      await server.restart();
      await expect.poll(() => redis.isReady).toBe(true);
      await publisher.apply(eventsOf(6, 9), 6, 9);
      await consumption.reached(9);
      expect(projection.sequences).toEqual(upTo(9));
      await consumption.stop();
    });

    test("a Redis that lost everything goes on; who had not got that far is behind", async () => {
      const server = await startRedis();
      const redis = await server.connect();
      const publisher = redisPublisher({ redis });
      const current = await consume({ bus: redisBus({ redis }), projection: new SequenceBook() });
      await publisher.apply(eventsOf(1, 5), 1, 5);
      await current.reached(5);
      await server.kill();
      await server.restart({ forgetful: true });
      await expect.poll(() => redis.isReady).toBe(true);
      await publisher.apply(eventsOf(6, 9), 6, 9);
      await current.reached(9);
      await current.stop();
      const late = await consume({ bus: redisBus({ redis }), projection: new SequenceBook(2) });
      expect(await late.stopped).toMatchObject({ code: "consumer_behind", first: 3, last: 5 });
    });
  },
);
