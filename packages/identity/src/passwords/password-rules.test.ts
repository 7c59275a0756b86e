import { describe, expect, test } from "vitest";
import { checkPassword, DEFAULT_PASSWORD_RULES as RULES } from "./password-rules.ts";

const codeOf = async (password: string, words: readonly string[] = [], rules = RULES) => {
  const answer = await checkPassword(rules, password, words);
  return answer.ok ? "taken" : answer.code;
};

describe("the rules for passwords", () => {
  test.each([
    ["", "password_too_short"],
    ["x7$Kq!9zLp2&vT", "password_too_short"],
    ["password123456789", "password_easy_to_guess"],
    ["aaaaaaaaaaaaaaaaaaaa", "password_easy_to_guess"],
    ["qwertyuiopasdfghjkl", "password_easy_to_guess"],
    ["pincexpincexpincex", "password_easy_to_guess"],
    ["correct horse battery staple", "taken"],
    ["x7$Kq!9zLp2&vTq", "taken"],
    // SP 800-63B-4: no rule on which characters, spaces and Unicode welcome, 64 characters and more taken.
    ["vier ganz normale wörter", "taken"],
    ["зимой лошади любят овёс", "taken"],
    [`${"brown fox ".repeat(3)}over seventeen lazy dogs and under nine suspicious cats`, "taken"],
    [`${"x7$Kq!9zLp2&vTq".repeat(17)}ab`, "password_too_long"],
  ])("%s: %s", async (password, expected) => {
    expect(await codeOf(password)).toBe(expected);
  });

  test("count characters and not bytes or code units", async () => {
    expect(await codeOf("😀".repeat(14))).toBe("password_too_short");
    expect(await codeOf("😀🐎🔋📎🎷🛶🏯🧩🪁🦑🌋🥨🧲🪐🫖")).toBe("taken");
  });

  test("refuse what the user is known by", async () => {
    const password = "maximiliane.mustermann";
    expect(await codeOf(password)).toBe("taken");
    expect(await codeOf(password, ["maximiliane.mustermann@example.com"])).toBe(
      "password_easy_to_guess",
    );
  });

  test("ask the list of breached passwords, whose outage refuses nobody", async () => {
    const password = "correct horse battery staple";
    const listed = { ...RULES, breached: { has: async (text: string) => text === password } };
    expect(await codeOf(password, [], listed)).toBe("password_breached");
    const down = { ...RULES, breached: { has: () => Promise.reject(new Error("unreachable")) } };
    expect(await codeOf(password, [], down)).toBe("taken");
  });
});
