import { expect, test } from "vitest";
import { SABOTAGES } from "./sabotage.ts";
import { type Outcome, simulate } from "./world.ts";

/** Seeds from 1 on; more by `npm run simulate -- --seeds 1000`. */
const WORLDS = 12;
/** In so many worlds at most, a broken build must break a law. */
const PATIENCE = 40;

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
  const stories = outcomes.flatMap(({ story }) => story).join("\n");
  const befallen = [
    ...["is killed", "power cut", "is told to stop", "falls asleep", "wakes up", "turns over"],
    ...["the clock is now", "the database is down", "the network is parted"],
    ...[
      "simulated disk says so",
      "JournalHeadMoved",
      "JournalDamaged",
      "from the snapshot of [1-9]",
    ],
  ];
  expect(befallen.filter((what) => !new RegExp(what).test(stories))).toEqual([]);
  expect(outcomes.some(({ archived }) => archived > 2)).toBe(true);
  expect(outcomes.every(({ acknowledged }) => acknowledged > 20)).toBe(true);
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
