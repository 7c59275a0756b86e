import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pageListener } from "./page-listener.ts";

let folder: string;
let server: Server;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pincex-page-"));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const serving = async (directory: string): Promise<string> => {
  server = createServer(pageListener(directory));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe("the page", () => {
  test("is served with its assets, which never change", async () => {
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "index.html"), "<p>the page</p>");
    writeFileSync(join(folder, "assets", "main-abc.js"), "1");
    const address = await serving(folder);

    const page = await fetch(`${address}/?any=query`);
    expect(await page.text()).toBe("<p>the page</p>");
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("cache-control")).toBe("no-cache");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");

    const asset = await fetch(`${address}/assets/main-abc.js`);
    expect(asset.headers.get("cache-control")).toContain("immutable");
    const etag = asset.headers.get("etag") ?? "";
    const again = await fetch(`${address}/assets/main-abc.js`, {
      headers: { "if-none-match": etag },
    });
    expect(again.status).toBe(304);
  });

  test("nothing outside of it can be read", async () => {
    writeFileSync(join(folder, "index.html"), "<p>the page</p>");
    const address = await serving(folder);
    for (const path of ["/../package.json", "/%2e%2e/package.json", "//etc/passwd", "/nothing"]) {
      expect((await fetch(`${address}${path}`)).status).toBe(404);
    }
    expect((await fetch(address, { method: "POST" })).status).toBe(405);
  });

  test("where it has not been built, a sentence says so", async () => {
    const address = await serving(join(folder, "absent"));
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("has not been built");
  });
});
