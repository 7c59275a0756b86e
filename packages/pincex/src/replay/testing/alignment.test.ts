import { describe, expect, test } from "vitest";
import { alignWithBeginning } from "./alignment.ts";

describe("a sequence beside the beginning of another", () => {
  test.each([
    ["", "", 0, 0],
    ["abc", "abc", 3, 3],
    ["abc", "abcdefgh", 3, 3],
    ["abc", "axbcdefgh", 3, 4],
    ["abxc", "abcdefgh", 3, 3],
    ["axc", "abcdefgh", 2, 3],
    ["xabc", "abcdefgh", 3, 3],
    ["bcd", "abcdefgh", 3, 4],
    ["xyz", "abc", 0, 0],
    ["abcabba", "cbabac", 4, 5],
  ])("%s beside %s: %i in common, of %i", (ours, theirs, common, length) => {
    expect(alignWithBeginning([...ours], [...theirs])).toEqual({ common, length });
  });
});
