import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createExchange, type Exchange } from "./exchange/create-exchange.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const missing = existsSync(executablePath)
  ? undefined
  : `there is no Chromium at ${executablePath}`;
if (missing !== undefined && process.env["PINCEX_REQUIRE_SERVERS"] === "1") {
  throw new Error(missing);
}
const skipped = missing === undefined ? "" : ` (skipped: ${missing})`;

let folder: string;
let exchange: Exchange;
let browser: Browser;
let address: string;
let port: number;

describe.skipIf(missing !== undefined)(
  `the page, in a browser${skipped}`,
  { timeout: 120_000 },
  () => {
    beforeAll(async () => {
      await build({
        configFile: resolve(import.meta.dirname, "../page/vite.config.ts"),
        logLevel: "warn",
      });
      folder = mkdtempSync(join(tmpdir(), "pincex-page-"));
      exchange = await createExchange({ dataDir: folder, port: 0, simulatedTraders: { seed: 7 } });
      ({ port } = await exchange.listen());
      address = `http://127.0.0.1:${port}/`;
      browser = await chromium.launch({
        executablePath,
        args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
      });
    }, 180_000);
    afterAll(async () => {
      await browser?.close();
      await exchange?.stop();
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    /** Everything that a person with the developer tools open would see in red. */
    const opened = async (
      options: Parameters<Browser["newPage"]>[0] = {},
    ): Promise<{ page: Page; complaints: string[] }> => {
      const page = await browser.newPage(options);
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("request", (request) => {
        if (new URL(request.url()).hostname !== "127.0.0.1") complaints.push(request.url());
      });
      await page.goto(address);
      return { page, complaints };
    };

    const text = (page: Page, selector: string): Promise<string> =>
      page.locator(selector).first().innerText();

    test("shows bids, asks, trades and candles of the market chosen, and they move", async () => {
      const { page, complaints } = await opened();
      await page.waitForSelector(".asks .level:not(.empty)");
      await page.waitForSelector(".bids .level:not(.empty)");
      await page.waitForSelector(".print");
      await expect.poll(() => text(page, "#connection")).toBe("Live");
      await expect
        .poll(() => page.locator(".bids .level:not(.empty)").count(), { timeout: 15_000 })
        .toBeGreaterThanOrEqual(8);
      expect(await text(page, "#symbol")).toBe("BTC-USDT");
      expect(await text(page, "#spread")).toMatch(/^Spread \d+\.\d\d · /);

      for (const selector of ["#ladder", "#tape", "#legend", "#last"]) {
        const before = await text(page, selector);
        await expect.poll(() => text(page, selector), { timeout: 30_000 }).not.toBe(before);
      }
      // Frozen: the two sides must be read of one moment.
      const frozen: string = await page.locator("#ladder").evaluate((ladder) => ladder.outerHTML);
      const prices = (side: string): number[] => {
        const html = frozen.slice(frozen.indexOf(`id="${side}"`));
        const levels = html.slice(0, html.indexOf("</div></div>")).split('class="level"').slice(1);
        return levels.map((level) =>
          Number(/class="price">([\d,.]+)</.exec(level)?.[1]?.replaceAll(",", "")),
        );
      };
      const book = { asks: prices("asks"), bids: prices("bids") };
      expect(book.asks.length).toBeGreaterThanOrEqual(8);
      expect(book.bids.length).toBeGreaterThanOrEqual(8);
      expect(Math.min(...book.asks)).toBeGreaterThan(Math.max(...book.bids));
      expect(book.asks).toEqual([...book.asks].sort((one, other) => other - one));
      expect(book.bids).toEqual([...book.bids].sort((one, other) => other - one));

      await page.getByRole("tab", { name: "SOL-USDT" }).click();
      await expect.poll(() => text(page, "#symbol")).toBe("SOL-USDT");
      await expect
        .poll(() => text(page, ".bids .level:not(.empty) .price"))
        .toMatch(/^1\d\d\.\d\d$/);
      await page.getByRole("radio", { name: "1m", exact: true }).click();
      await expect.poll(() => text(page, "#legend")).toMatch(/^O\s1\d\d\.\d\d/);

      expect(complaints).toEqual([]);
      await page.close();
    });

    test("fits a phone: nothing is wider than 390 pixels, and book and trades take turns", async () => {
      const { page, complaints } = await opened({ viewport: { width: 390, height: 844 } });
      await page.waitForSelector(".bids .level:not(.empty)");
      expect(await page.locator("html").evaluate(({ scrollWidth }) => scrollWidth)).toBe(390);
      expect(await page.locator("#tape").isVisible()).toBe(false);
      await page.getByRole("tab", { name: "Trades" }).click();
      expect(await page.locator("#tape").isVisible()).toBe(true);
      expect(await page.locator("#ladder").isVisible()).toBe(false);
      expect(complaints).toEqual([]);
      await page.close();
    });

    test("says so when the exchange is gone, and goes on by itself when it is back", async () => {
      const { page } = await opened();
      await expect.poll(() => text(page, "#connection")).toBe("Live");
      await exchange.stop();
      await expect.poll(() => text(page, "#connection"), { timeout: 15_000 }).toContain("Offline");

      exchange = await createExchange({ dataDir: folder, port, simulatedTraders: { seed: 7 } });
      await exchange.listen();
      await expect.poll(() => text(page, "#connection"), { timeout: 30_000 }).toBe("Live");
      const before = await text(page, "#tape");
      await expect.poll(() => text(page, "#tape"), { timeout: 30_000 }).not.toBe(before);
      await page.close();
    });
  },
);
