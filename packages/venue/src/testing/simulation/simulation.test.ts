import { expect, test } from "vitest";
import { type Climate, climateOf } from "./climate.ts";
import { Dice } from "./dice.ts";
import { SABOTAGES } from "./sabotage.ts";
import { type Outcome, simulate } from "./world.ts";

/** Seeds from 1 on; more by `npm run simulate -- --seeds 1000`. */
const WORLDS = 12;
/** In so many worlds at most, a broken build must break a law. */
const PATIENCE = 80;

/** Fails with a world's story, since that is what one wants to read then. */
const expectAllLaws = ({ broken, seed, story }: Outcome): void => {
  if (broken === undefined) return;
  throw new Error(`npm run simulate -- --seed ${seed}\n${story.join("\n")}`, { cause: broken });
};

test(`the laws hold in ${WORLDS} worlds, whatever befalls them`, async () => {
  const outcomes: Outcome[] = [];
  for (let seed = 1; seed <= WORLDS; seed += 1) {
    const outcome = await simulate(seed);
    expectAllLaws(outcome);
    outcomes.push(outcome);
  }
  expect(outcomes.some(({ archived }) => archived > 2)).toBe(true);
  expect(outcomes.every(({ acknowledged }) => acknowledged > 20)).toBe(true);
});

test("each plague is in some of them, and none has all", () => {
  const worlds = Array.from({ length: WORLDS }, (_, index) => climateOf(new Dice(index + 1)));
  const names = Object.keys(worlds[0]?.plagues ?? {}) as (keyof Climate["plagues"])[];
  for (const name of names) {
    const having = worlds.filter(({ plagues }) => plagues[name]).length;
    expect({ name, isInSome: having > 0 && having < WORLDS }).toEqual({ name, isInSome: true });
  }
});

test("a seed is a world: the same steps in the same order, every time", async () => {
  const [first, again, other] = [await simulate(7), await simulate(7), await simulate(8)];
  expect(again).toEqual(first);
  expect(other.trace).not.toBe(first.trace);
});

test.each([
  ["fsync skipped", /a venue starts after every crash|nothing acknowledged is lost/],
  ["dedupe off", /every command is done exactly once/],
  ["hold not released", /what is available can be held|a hold is what|order's hold/],
  ["projection applied twice", /the projection equals the books/],
  ["stale writer not fenced", /a venue starts after every crash|nothing acknowledged is lost/],
])(`%s: a build that is broken so is caught in ${PATIENCE} worlds`, async (name, law) => {
  let caught: string | undefined;
  for (let seed = 1; seed <= PATIENCE && caught === undefined; seed += 1) {
    const { broken } = await simulate(seed, SABOTAGES[name]);
    caught = broken?.message;
  }
  expect(caught).toMatch(law);
});
