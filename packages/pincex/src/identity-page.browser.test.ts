import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createExchange, type Exchange } from "./exchange/create-exchange.ts";
import { chromiumMissing, launchChromium, skippedWithoutChromium } from "./testing/chromium.ts";

describe.skipIf(chromiumMissing !== undefined)(
  `the account page, in a browser${skippedWithoutChromium}`,
  { timeout: 120_000 },
  () => {
    let folder: string;
    let exchange: Exchange;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let address: string;
    let complaints: string[];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "pincex-account-page-"));
      exchange = await createExchange({ dataDir: folder, port: 0 });
      const { port } = await exchange.listen();
      // A name: passkeys belong to names.
      address = `http://localhost:${port}`;
      browser = await launchChromium();
    }, 180_000);
    afterAll(async () => {
      await browser?.close();
      await exchange?.stop();
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    beforeEach(async () => {
      context = await browser.newContext({ viewport: { width: 390, height: 844 } });
      page = await context.newPage();
      complaints = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      page.on("request", (request) => {
        if (new URL(request.url()).hostname !== "localhost") complaints.push(request.url());
      });
    });
    afterEach(() => context.close());

    const widest = (): Promise<number> =>
      page.locator("html").evaluate(({ scrollWidth }) => scrollWidth);

    test("what is asked is named, and known to password managers and phones", async () => {
      await page.goto(`${address}/account.html#sign-up`);
      const password = page.getByLabel("Password", { exact: true });
      expect(await page.getByLabel("E-mail address").getAttribute("autocomplete")).toBe("username");
      expect(await widest()).toBe(390);
      await page.getByRole("link", { name: "Sign in", exact: true }).click();
      await expect.poll(() => page.getByRole("heading").innerText()).toBe("Sign in");
      expect(await password.getAttribute("autocomplete")).toBe("current-password");
      expect(await password.getAttribute("type")).toBe("password");
      await page.getByRole("link", { name: "Forgotten password" }).click();
      await expect.poll(() => page.getByRole("heading").innerText()).toBe("Forgotten password");
      // Nobody has signed in with this browser: not even that was asked.
      expect(complaints).toEqual([]);
    });

    test("by keyboard alone; and a password may be looked at while it is typed", async () => {
      await page.goto(`${address}/account.html#sign-in`);
      await page.getByLabel("E-mail address").focus();
      await page.keyboard.type("ann@example.com");
      await page.keyboard.press("Tab");
      await page.keyboard.type("a long enough sentence");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      const password = page.getByLabel("Password", { exact: true });
      expect(await password.getAttribute("type")).toBe("text");
      expect(await password.inputValue()).toBe("a long enough sentence");
    });

    test("leads back to the market that somebody came from, and nowhere else", async () => {
      await page.goto(`${address}/account.html?market=ETH-USDT#sign-in`);
      await page.getByRole("link", { name: "Back to trading" }).click();
      await expect.poll(() => page.locator("#symbol").innerText()).toBe("ETH-USDT");
      await page.goto(`${address}/account.html?market=//elsewhere.example#sign-in`);
      const back = await page.getByRole("link", { name: "Back to trading" }).getAttribute("href");
      expect(new URL(back ?? "", page.url()).origin).toBe(address);
    });

    test("a mail's token is out of the address before anything is asked", async () => {
      await page.goto(`${address}/account.html#register=abc`);
      const password = page.getByLabel("Password", { exact: true });
      expect(await password.getAttribute("autocomplete")).toBe("new-password");
      expect(page.url()).toBe(`${address}/account.html#register`);
    });
  },
);
