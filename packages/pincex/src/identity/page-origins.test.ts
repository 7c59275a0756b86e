import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createExchange } from "../exchange/create-exchange.ts";
import { refuseOrigins, relyingPartyOf } from "./page-origins.ts";

describe("where an exchange's pages live", () => {
  test("https at a name, with any ports, or http at this machine's own name", () => {
    expect(refuseOrigins(["https://x.example", "https://x.example:8443"])).toBe(undefined);
    expect(refuseOrigins(["http://localhost:8080"])).toBe(undefined);
    expect(relyingPartyOf(["https://x.example:8443"])).toBe("x.example");
  });

  test.each([
    [[], "origin_missing"],
    [["x.example"], "origin_malformed"],
    [["https://x.example/"], "origin_malformed"],
    [["https://x.example/trade"], "origin_malformed"],
    [["https://X.example"], "origin_malformed"],
    [["https://user@x.example"], "origin_malformed"],
    [["null"], "origin_malformed"],
    [["http://x.example"], "origin_not_secure"],
    [["http://localhost.x.example"], "origin_not_secure"],
    [["https://203.0.113.7"], "origin_without_name"],
    [["https://[::1]:8443"], "origin_without_name"],
    [["https://x.example", "https://y.example"], "origin_of_another_host"],
  ])("%j is refused with %s, and no exchange is begun", async (origins, code) => {
    expect(refuseOrigins(origins)?.code).toBe(code);
    await expect(createExchange({ origins })).rejects.toMatchObject({ name: "RangeError", code });
  });

  test("passkeys are asked for by that name, and changes taken from that origin, whatever host a proxy asks", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "pincex-origins-"));
    const exchange = await createExchange({ dataDir, port: 0, origins: ["https://x.example"] });
    try {
      const { port } = await exchange.listen();
      const ask = (path: string, origin: string) =>
        fetch(`http://127.0.0.1:${port}${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", origin },
          body: "{}",
        });
      const path = "/identity/sign-in/passkey/options";
      const asked = await ask(path, "https://x.example");
      expect(await asked.json()).toMatchObject({ options: { rpId: "x.example" } });
      const foreign = await ask(path, "https://y.example");
      expect(await foreign.json()).toMatchObject({ code: "origin_foreign" });
    } finally {
      await exchange.stop();
      rmSync(dataDir, { recursive: true });
    }
  }, 60_000);
});
