import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { QUOTED_LEVELS } from "./market-maker.ts";
import { firstTurn, simulatedMarket } from "./market-turn.ts";
import { NOISE_ORDERS } from "./noise-trader.ts";
import { TOY_RULES, ToyMarket } from "./testing/toy-market.ts";

const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });
/** From a coin of a few ticks to one of ten million. */
const anchor = fc.oneof(
  fc.integer({ min: 5_000, max: 50_000 }),
  fc.integer({ min: 50_000, max: 10_000_000 }),
);
const wealthy = { lots: 10_000_000_000, notional: 2 ** 52 };
const market = (options: { seed: number; anchor: number }) => simulatedMarket(TOY_RULES, options);

/** What holds on average only is asked of the same markets every time. */
const STATISTICAL = 2026;

describe("for any seed and price", () => {
  test("the same seed trades the same", () => {
    fc.assert(
      fc.property(fc.record({ seed, anchor }), (options) => {
        const [one, other] = [market(options), market(options)].map((simulated) =>
          new ToyMarket(simulated, wealthy).turns(120),
        );
        expect(one?.intents).toEqual(other?.intents);
        expect(one?.state).toEqual(other?.state);
      }),
      { numRuns: 10 },
    );
  });

  test("the book fills within a few turns and stays filled on both sides, and the open orders stay few", () => {
    fc.assert(
      fc.property(fc.record({ seed, anchor }), (options) => {
        const toy = new ToyMarket(market(options), wealthy).turns(10);
        for (let turn = 0; turn < 300; turn += 1) {
          toy.turn();
          expect(toy.levels("buy")).toBeGreaterThanOrEqual(15);
          expect(toy.levels("sell")).toBeGreaterThanOrEqual(15);
          expect(toy.openOrders).toBeLessThanOrEqual(
            2 * QUOTED_LEVELS + 40 + 3 * (NOISE_ORDERS + 1),
          );
        }
      }),
      { numRuns: 10, seed: STATISTICAL },
    );
  });

  test("trades flow in both directions, at a modest rate of orders", () => {
    fc.assert(
      fc.property(fc.record({ seed, anchor }), (options) => {
        const toy = new ToyMarket(market(options), wealthy).turns(600);
        expect(toy.trades.length).toBeGreaterThan(60);
        expect(new Set(toy.trades.map(({ takerSide }) => takerSide)).size).toBe(2);
        expect(toy.intents.length / 600).toBeGreaterThan(0.6);
        expect(toy.intents.length / 600).toBeLessThan(2.5);
      }),
      { numRuns: 10, seed: STATISTICAL },
    );
  });

  test("nobody orders what it could not pay, rich or poor, and the engine accepts every order", () => {
    const wealth = fc.record({
      lots: fc.integer({ min: 0, max: 5_000_000 }),
      notional: fc.integer({ min: 0, max: 2 ** 45 }),
    });
    fc.assert(
      fc.property(fc.record({ seed, anchor }), wealth, (options, owned) => {
        const toy = new ToyMarket(market(options), owned);
        for (let turn = 0; turn < 150; turn += 1) {
          toy.turn();
          expect(toy.leastAvailable()).toBeGreaterThanOrEqual(0);
        }
        expect(toy.rejections.filter(({ code }) => code !== "order_unknown")).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test("in the long run the stock stays around where it began, and the price around its anchor", () => {
    fc.assert(
      fc.property(seed, (seed) => {
        const simulated = market({ seed, anchor: 6_500_000 });
        const toy = new ToyMarket(simulated, wealthy).turns(6_000);
        const { maker, noise } = toy.sight();
        for (const { surplusLots } of [maker, ...noise]) {
          expect(Math.abs(surplusLots)).toBeLessThan(2_000 * simulated.plan.typicalQuantity);
        }
        const prices = toy.trades.map(({ price }) => price);
        expect(Math.min(...prices)).toBeGreaterThan(6_000_000);
        expect(Math.max(...prices)).toBeLessThan(7_000_000);
      }),
      { numRuns: 3, seed: STATISTICAL },
    );
  });

  test("after a restart the market maker adopts what it left resting", () => {
    fc.assert(
      fc.property(fc.record({ seed, anchor }), (options) => {
        const toy = new ToyMarket(market(options), wealthy).turns(200);
        const before = toy.intents.length;
        toy.state = firstTurn(toy.simulated, toy.trades.at(-1));
        toy.turns(20);
        const cancelled = toy.intents
          .slice(before)
          .filter(({ kind, account }) => kind === "cancel" && account === 1);
        expect(cancelled.length).toBeLessThanOrEqual(30);
      }),
      { numRuns: 10 },
    );
  });
});
