import { expect, test } from "vitest";
import { Engine } from "../engine.ts";

const limit = { side: "buy", type: "limit", price: 100, quantity: 1, quoteQuantity: 0 } as const;

const opened = (): Engine => {
  const engine = new Engine({ handler: { event: () => undefined } });
  engine.addMarket(1, 1_000, 1_000, 1, 1, 1, 0);
  return engine;
};

const placeUntil = (engine: Engine, expiresAt: number): void =>
  engine.perform({
    kind: "place",
    market: 1,
    account: 7,
    ...limit,
    timeInForce: "gtd",
    conditions: { expiresAt },
  });

test("is never, as long as nothing falls due", () => {
  expect(opened().nextDue).toBe(Number.POSITIVE_INFINITY);
});

test("is the soonest end of an order that is still open", () => {
  const engine = opened();
  placeUntil(engine, 30);
  placeUntil(engine, 20);
  expect(engine.nextDue).toBe(20);
  engine.cancel(1, 7, 2);
  expect(engine.nextDue).toBe(30);
  engine.advanceTime(30);
  expect(engine.nextDue).toBe(Number.POSITIVE_INFINITY);
});

test("is the time of a switch as it was set last", () => {
  const engine = opened();
  engine.cancelAllAfter(7, 10);
  engine.cancelAllAfter(7, 40);
  expect(engine.nextDue).toBe(40);
  engine.cancelAllAfter(8, 30);
  expect(engine.nextDue).toBe(30);
  engine.cancelAllAfter(8, 0);
  expect(engine.nextDue).toBe(40);
  expect(Engine.restore(engine.snapshot(), { handler: { event: () => undefined } }).nextDue).toBe(
    40,
  );
});

test("asking for it changes nothing that happens", () => {
  const [asked, unasked] = [opened(), opened()];
  for (const engine of [asked, unasked]) {
    placeUntil(engine, 20);
    engine.cancelAllAfter(7, 20);
    engine.cancel(1, 7, 1);
    engine.cancelAllAfter(7, 15);
    placeUntil(engine, 25);
    if (engine === asked) expect(engine.nextDue).toBe(15);
    engine.advanceTime(22);
    if (engine === asked) expect(engine.nextDue).toBe(Number.POSITIVE_INFINITY);
  }
  expect(asked.stateHash()).toBe(unasked.stateHash());
});
