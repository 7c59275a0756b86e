import type { Authenticator } from "@pincex/gateway";
import { expectTypeOf, test } from "vitest";
import type { ApiKeyAuthenticator } from "./api-key-authenticator.ts";

test("our authenticator is the gateway's port, without either package knowing the other", () => {
  expectTypeOf<ApiKeyAuthenticator>().toExtend<Authenticator>();
});
