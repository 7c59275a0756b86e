import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { generate } from "otplib";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createExchange, type Exchange } from "./exchange/create-exchange.ts";
import { chromiumMissing, launchChromium, skippedWithoutChromium } from "./testing/chromium.ts";
import { SignedClient } from "./testing/signed-client.ts";

describe.skipIf(chromiumMissing !== undefined)(
  `the account page, in a browser${skippedWithoutChromium}`,
  { timeout: 180_000 },
  () => {
    let folder: string;
    let exchange: Exchange;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let address: string;
    let complaints: string[];
    /** What the exchange's clock is ahead of ours: time passes when a test says so. */
    let aheadMs = 0;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "pincex-account-page-"));
      exchange = await createExchange({
        dataDir: folder,
        port: 0,
        clock: () => Date.now() + aheadMs,
      });
      const { port } = await exchange.listen();
      // A name: passkeys belong to names.
      address = `http://localhost:${port}`;
      // The embedded database of users takes seconds to come up.
      await fetch(`${address}/identity/me`);
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

    const PASSWORD = "purple horses battery staple quietly";

    const button = (name: string | RegExp): Locator =>
      page.getByRole("button", { name, exact: true });
    const field = (label: string): Locator => page.getByLabel(label, { exact: true });
    const heading = (name: string): Locator => page.getByRole("heading", { name, exact: true });

    /** What the newest mail of a kind to an address says. */
    const tokenMailed = async (to: string, kind: string): Promise<string> => {
      const read = async () => {
        const { mails } = (await (await fetch(`${address}/demo/mails`)).json()) as {
          mails: readonly { to: string; kind: string; values: { token?: string } }[];
        };
        return mails.find((mail) => mail.to === to && mail.kind === kind);
      };
      await expect.poll(read, { timeout: 20_000 }).toBeDefined();
      return (await read())?.values.token ?? "";
    };

    const signUp = async (email: string): Promise<void> => {
      await page.goto(`${address}/account.html#sign-up`);
      await field("E-mail address").fill(email);
      await page.keyboard.press("Enter");
      await heading("Look into your mail").waitFor();
      await page.goto(
        `${address}/account.html#register=${await tokenMailed(email, "email_verification")}`,
      );
      await field("Password").fill(PASSWORD);
      await page.keyboard.press("Enter");
      await heading("Welcome").waitFor();
    };

    const givePassword = async (email: string, password = PASSWORD): Promise<void> => {
      await field("E-mail address").fill(email);
      await field("Password").fill(password);
      await page.keyboard.press("Enter");
    };

    /** Never a code that ends before it arrives. */
    const codeOf = async (secret: string, stepsAgo = 0): Promise<string> => {
      const leftMs = 30_000 - ((Date.now() + aheadMs) % 30_000);
      if (leftMs < 6_000) await wait(leftMs);
      return generate({
        secret,
        epoch: Math.floor((Date.now() + aheadMs) / 1_000) - 30 * stepsAgo,
      });
    };

    const setUpAuthenticator = async (): Promise<string> => {
      await button("Set up").click();
      await page.getByRole("img", { name: /QR code/ }).waitFor();
      const secret = (await page.locator("code.secret").innerText()).replaceAll(" ", "");
      await field("Code that the app shows now").fill("000000");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
      // A code serves once: the one before leaves the one of now for signing in.
      await field("Code that the app shows now").fill(await codeOf(secret, 1));
      await page.keyboard.press("Enter");
      await heading("Your recovery codes").waitFor();
      expect(await page.locator(".secrets li").count()).toBe(10);
      await button("I have kept them").click();
      return secret;
    };

    const withAuthenticator = async (): Promise<void> => {
      const devTools = await context.newCDPSession(page);
      await devTools.send("WebAuthn.enable");
      await devTools.send("WebAuthn.addVirtualAuthenticator", {
        options: {
          protocol: "ctap2",
          transport: "internal",
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      });
    };

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

    test("somebody signs up, sets up two factors, signs in with each, makes a key, and trades", async () => {
      await withAuthenticator();
      const email = "ada@example.com";
      await signUp(email);
      await page.goto(`${address}/account.html?market=ETH-USDT#sign-in`);
      await givePassword(email);
      // Who came from the trading page is led back to it.
      await expect.poll(() => page.locator("#symbol").innerText()).toBe("ETH-USDT");
      await page.waitForSelector('.who .name[data-state="live"]');
      await page.getByRole("link", { name: /your account$/ }).click();

      const secret = await setUpAuthenticator();
      await button("Sign out").click();
      await page.goto(`${address}/account.html#sign-in`);
      await givePassword(email);
      await heading("Second step").waitFor();
      await field("Code of your app, or a recovery code").fill(await codeOf(secret));
      await page.keyboard.press("Enter");

      await field("Name of this device").fill("My laptop");
      await page.keyboard.press("Enter");
      await page.getByText("My laptop").waitFor();
      await button("Sign out").click();
      await button("Sign in with a passkey").click();
      await page.getByRole("link", { name: "Sessions" }).click();
      await page.getByText("this one").waitFor();
      expect(await widest()).toBe(390);

      await page.getByRole("link", { name: "API keys" }).click();
      await field("Name").fill("My bot");
      // No code is typed: the passkey confirms the key.
      await page.keyboard.press("Enter");
      await heading("Key and secret").waitFor();
      const [apiKey = "", keySecret = ""] = await page.locator(".secrets code").allInnerTexts();
      await button("I have kept them").click();
      await page.getByText("My bot").waitFor();
      expect(await page.content()).not.toContain(keySecret);
      const client = new SignedClient(address, { apiKey, secret: keySecret });
      await client.limit("BUY", "20000", "0.01", "by-key");

      await page.goto(address);
      await page.waitForSelector('.who .name[data-state="live"]');
      await page.getByRole("tab", { name: "Order", exact: true }).click();
      await field("Price").fill("30000");
      await field("Quantity").fill("0.01");
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator(".outcome").innerText()).toMatch(/^Open/);
      await page.getByRole("tab", { name: "Account", exact: true }).click();
      await expect.poll(() => page.locator("#account-panel tbody tr").count()).toBe(2);
      // What signs is in memory, and no script can read it.
      expect(await page.evaluate("JSON.stringify([localStorage, sessionStorage])")).not.toContain(
        "session_",
      );
      await button("Sign out").click();
      await button("Sign in").first().waitFor();
      expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
    });

    test("what protects the account asks again who it is, when they came long ago", async () => {
      const email = "grace@example.com";
      await signUp(email);
      await page.goto(`${address}/account.html#sign-in`);
      await givePassword(email);
      await button("Set up").waitFor();
      aheadMs += 11 * 60_000;
      await button("Set up").click();
      const dialog = page.getByRole("dialog", { name: "Is it you?" });
      await dialog.waitFor();
      await page.keyboard.press("Escape");
      await expect.poll(() => page.getByRole("alert").innerText()).not.toBe("");
      await button("Set up").click();
      await dialog.getByLabel("Password", { exact: true }).fill("not the password of anybody");
      await page.keyboard.press("Enter");
      await dialog.getByRole("alert").waitFor();
      await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.keyboard.press("Enter");
      // What was asked for is done, without being asked for once more.
      await page.getByRole("img", { name: /QR code/ }).waitFor();
    });

    test("a forgotten password is set anew, by a mail and the second factor", async () => {
      const email = "joan@example.com";
      await signUp(email);
      await page.goto(`${address}/account.html#sign-in`);
      await givePassword(email);
      const secret = await setUpAuthenticator();
      await button("Sign out").click();
      await page.getByRole("link", { name: "Forgotten password" }).click();
      await field("E-mail address").fill(email);
      await page.keyboard.press("Enter");
      await page.getByRole("status").waitFor();
      await page.goto(
        `${address}/account.html#reset=${await tokenMailed(email, "password_reset")}`,
      );
      const next = "green camels write poetry slowly";
      await field("New password").fill(next);
      await page.keyboard.press("Enter");
      await heading("Your password is changed").waitFor();
      await page.getByRole("link", { name: "Sign in" }).click();
      await givePassword(email);
      await page.getByRole("alert").waitFor();
      await givePassword(email, next);
      // Whoever reads the mails has not passed the second factor by that.
      await heading("Second step").waitFor();
      await field("Code of your app, or a recovery code").fill(await codeOf(secret));
      await page.keyboard.press("Enter");
      await heading("Authenticator app").waitFor();
    });

    test("who freezes the account is signed out, and thaws it by a mail", async () => {
      const email = "mary@example.com";
      await signUp(email);
      await page.goto(`${address}/account.html#sign-in`);
      await givePassword(email);
      await button("Freeze").click();
      await button("Yes, freeze my account").click();
      await heading("Sign in").waitFor();
      await givePassword(email);
      await page.getByRole("alert").waitFor();
      await page.getByRole("link", { name: "Frozen account" }).click();
      // The screen before has a field of the same name.
      await heading("Frozen account").waitFor();
      await field("E-mail address").fill(email);
      await page.keyboard.press("Enter");
      await page.getByRole("status").waitFor();
      await page.goto(`${address}/account.html#thaw=${await tokenMailed(email, "account_thaw")}`);
      await field("Password").fill(PASSWORD);
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: "Sign in" }).click();
      await givePassword(email);
      await heading("Authenticator app").waitFor();
    });
  },
);
