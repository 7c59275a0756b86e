import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { NEWEST_RULES } from "../rules/rules.ts";
import { readPastJournal, replayed } from "../testing/past-journal.ts";
import { VenueCore } from "./venue-core.ts";

const names = readdirSync(new URL("../testing/past-journals", import.meta.url)).map((file) =>
  file.replace(/\.json$/, ""),
);

test.each(names)("the journal of %s comes to what it came to then", (name) => {
  const { commands, outcome } = readPastJournal(name);
  expect(replayed(new VenueCore(), Buffer.from(commands, "base64"))).toEqual(outcome);
  expect(outcome.trades).toBeGreaterThan(10);
});

test("there is a journal of every number of rules", () => {
  const rules = new Set(names.map((name) => readPastJournal(name).outcome.rules));
  expect([...rules].sort()).toEqual(Array.from({ length: NEWEST_RULES }, (_, index) => index + 1));
});
