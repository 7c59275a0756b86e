import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createExchange, type Exchange } from "./exchange/create-exchange.ts";
import { chromiumMissing, launchChromium, skippedWithoutChromium } from "./testing/chromium.ts";
import { SignedClient } from "./testing/signed-client.ts";

let folder: string;
let exchange: Exchange;
let browser: Browser;
let address: string;
let port: number;

describe.skipIf(chromiumMissing !== undefined)(
  `the page, in a browser${skippedWithoutChromium}`,
  { timeout: 120_000 },
  () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "pincex-page-"));
      exchange = await createExchange({ dataDir: folder, port: 0, simulatedTraders: { seed: 7 } });
      ({ port } = await exchange.listen());
      address = `http://127.0.0.1:${port}/`;
      browser = await launchChromium();
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

describe.skipIf(chromiumMissing !== undefined)(
  `trading by hand on the page${skippedWithoutChromium}`,
  { timeout: 120_000 },
  () => {
    let quietFolder: string;
    let quiet: Exchange;
    let quietPort: number;
    let window: Browser;

    beforeAll(async () => {
      quietFolder = mkdtempSync(join(tmpdir(), "pincex-page-"));
      // Nobody else trades: what is in the book is what the tests put there.
      quiet = await createExchange({ dataDir: quietFolder, port: 0 });
      ({ port: quietPort } = await quiet.listen());
      // The embedded database of users takes seconds to come up.
      await fetch(`http://127.0.0.1:${quietPort}/identity/me`);
      window = await launchChromium();
    }, 180_000);
    afterAll(async () => {
      await window?.close();
      await quiet?.stop();
      rmSync(quietFolder, { recursive: true, force: true });
    }, 60_000);

    const signedIn = async (
      name: string,
      options: Parameters<Browser["newPage"]>[0] = { viewport: { width: 1440, height: 900 } },
    ): Promise<Page> => {
      const page = await window.newPage(options);
      await page.goto(`http://127.0.0.1:${quietPort}/`);
      await page.getByRole("button", { name: "Sign in", exact: true }).first().click();
      await page.getByRole("button", { name, exact: true }).click();
      await page.waitForSelector('.who .name[data-state="live"]');
      return page;
    };

    const place = async (page: Page, price: string, quantity: string): Promise<void> => {
      await page.getByLabel("Price", { exact: true }).fill(price);
      await page.getByLabel("Quantity", { exact: true }).fill(quantity);
      await page.keyboard.press("Enter");
    };

    const rows = (page: Page) => page.locator("#account-panel tbody tr");

    const bob = async (side: "BUY" | "SELL", price: string, quantity: string, id: string) => {
      const key = quiet.demoKeys.find(({ name }) => name === "bob");
      if (key === undefined) throw new Error("expected bob's key");
      await new SignedClient(`http://127.0.0.1:${quietPort}`, key).limit(side, price, quantity, id);
    };

    test("an order is placed, seen in the book, amended, filled; another one cancelled", async () => {
      const page = await signedIn("alice");
      await place(page, "60000", "0.02");
      await expect.poll(() => page.locator(".outcome").innerText()).toMatch(/^Open: order \d+\.$/);
      await expect
        .poll(() => page.locator(".bids .level.own .price").first().innerText())
        .toBe("60,000.00");
      await expect.poll(() => rows(page).count()).toBe(1);
      expect(await rows(page).first().innerText()).toMatch(/Buy[\s\S]*60,000\.00[\s\S]*0\.02000/);

      await page.getByRole("button", { name: /^Amend order/ }).click();
      await page.getByLabel(/^New price of order/).fill("60000.001");
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator(".actions .problem").innerText()).toContain("multiple");
      await page.getByLabel(/^New price of order/).fill("60100");
      await page.keyboard.press("Enter");
      await expect
        .poll(() => page.locator(".bids .level.own .price").first().innerText())
        .toBe("60,100.00");
      await expect.poll(() => rows(page).first().locator(".price").innerText()).toBe("60,100.00");

      const id = await rows(page).first().getAttribute("data-order");
      await page.getByRole("button", { name: /^Replace order/ }).click();
      await page.keyboard.press("Escape");
      await expect
        .poll(() => page.evaluate<string>("document.activeElement.getAttribute('aria-label')"))
        .toBe(`Replace order ${id}`);
      await page.keyboard.press("Enter");
      await page.getByLabel(/^New price of order/).fill("60100");
      await page.keyboard.press("Enter");
      await expect.poll(() => rows(page).first().getAttribute("data-order")).not.toBe(id);
      await expect.poll(() => rows(page).count()).toBe(1);

      await bob("SELL", "60100", "0.02", "bob-1");
      await expect.poll(() => rows(page).count()).toBe(0);
      await page.getByRole("tab", { name: "Fills" }).click();
      await expect.poll(() => rows(page).count()).toBe(1);
      expect(await rows(page).first().innerText()).toMatch(/60,100\.00[\s\S]*0\.02000[\s\S]*maker/);
      await page.getByRole("tab", { name: "Balances" }).click();
      await expect
        .poll(() => page.locator('[data-asset="BTC"] .available').innerText())
        .toBe("10.01998");

      await page.getByRole("tab", { name: /^Open orders/ }).click();
      await place(page, "50000", "1");
      await page.getByRole("button", { name: /^Cancel order/ }).click();
      await expect.poll(() => rows(page).count()).toBe(0);
      await page.getByRole("tab", { name: "Order history" }).click();
      await expect.poll(() => rows(page).first().innerText()).toContain("cancelled");
      await page.close();
    });

    test("what is wrong is said beside its field, and nothing is sent", async () => {
      const page = await signedIn("alice");
      const sent: string[] = [];
      page.on("request", (request) => {
        if (request.method() === "POST") sent.push(request.url());
      });
      await place(page, "60000.001", "0.02");
      const price = page.getByLabel("Price", { exact: true });
      await expect.poll(() => price.getAttribute("aria-invalid")).toBe("true");
      expect(await page.locator(".field .problem").first().innerText()).toBe(
        "A multiple of 0.01 USDT.",
      );
      expect(sent).toEqual([]);
      // More than there is: only the exchange knows, and it names the field, too.
      await place(page, "60000", "100");
      await expect.poll(() => page.locator(".outcome").innerText()).toContain("needed");
      await page.keyboard.press("Escape");
      await expect.poll(() => price.inputValue()).toBe("");
      expect(await page.locator(".outcome").innerText()).toBe("");
      await page.close();
    });

    test("a pair is placed and cancelled as one; a picked price lands in the field", async () => {
      await bob("BUY", "58000", "0.5", "bob-2");
      const page = await signedIn("alice");
      await page.locator('.bids .level[data-price="58000.00"]').click();
      await expect
        .poll(() => page.getByLabel("Price", { exact: true }).inputValue())
        .toBe("58000.00");
      await page.locator('label[data-choice="sell"]').click();
      await page.getByLabel("More types of order").selectOption("oco");
      await page.getByLabel("Price", { exact: true }).fill("65000");
      await page.getByLabel("Stop trigger").fill("55000");
      await page.getByLabel("Quantity", { exact: true }).fill("0.1");
      await page.keyboard.press("Enter");
      await expect.poll(() => rows(page).count()).toBe(2);
      await page
        .getByRole("button", { name: /^Cancel order/ })
        .first()
        .click();
      await expect.poll(() => rows(page).count()).toBe(0);
      await page.close();
    });

    test("keyboard alone: tab, arrows and Enter place an order", async () => {
      const page = await signedIn("bob");
      await page.getByRole("radio", { name: "Buy", exact: true }).focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.type("70000");
      await page.keyboard.press("Tab");
      await page.keyboard.type("0.01");
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator(".outcome").innerText()).toMatch(/^Open/);
      await expect.poll(() => rows(page).first().innerText()).toMatch(/Sell[\s\S]*70,000\.00/);
      await page.close();
    });

    test("a reload and a restart of the exchange end no sign-in, and lose no order", async () => {
      const page = await signedIn("alice");
      await place(page, "59000", "0.03");
      await expect.poll(() => rows(page).count()).toBe(1);
      await page.reload();
      await expect.poll(() => rows(page).first().innerText()).toContain("59,000.00");

      await quiet.stop();
      await page.waitForSelector('.who .name[data-state="lost"]');
      quiet = await createExchange({ dataDir: quietFolder, port: quietPort });
      await quiet.listen();
      await page.waitForSelector('.who .name[data-state="live"]', { timeout: 40_000 });
      await expect.poll(() => rows(page).count()).toBe(1);
      await bob("SELL", "59000", "0.03", "bob-3");
      await page.getByRole("tab", { name: "Fills" }).click();
      await expect.poll(() => rows(page).first().innerText()).toContain("59,000.00");
      await page.close();
    });

    test("fits a phone: an order is placed at 390 pixels, and nothing is wider", async () => {
      const page = await signedIn("bob", { viewport: { width: 390, height: 844 } });
      await page.getByRole("tab", { name: "Order", exact: true }).click();
      await place(page, "40000", "0.01");
      await expect.poll(() => page.locator(".outcome").innerText()).toMatch(/^Open/);
      expect(await page.locator("html").evaluate(({ scrollWidth }) => scrollWidth)).toBe(390);
      await page.getByRole("tab", { name: "Account", exact: true }).click();
      await expect.poll(() => rows(page).first().innerText()).toContain("40,000.00");
      expect(await page.locator("html").evaluate(({ scrollWidth }) => scrollWidth)).toBe(390);
      await page.close();
    });
  },
);
