import { z } from "zod";

// Lengths only keep a request from costing much: whether an address or a password will do, its own rules say.

const text = (most: number) => z.string().max(most);

export const nothing = z.strictObject({});
export const email = text(1_000);
export const password = text(10_000);
export const token = text(200);
export const code = text(100);

/** What an authenticator answered: `@simplewebauthn` reads it, and refuses what is none. */
const authenticatorAnswer = <Answer>() =>
  z.custom<Answer>((value) => typeof value === "object" && value !== null && "id" in value, {
    message: "expected what the authenticator answered",
  });

export { authenticatorAnswer };
