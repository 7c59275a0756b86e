import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Why nothing can be tried in a browser here; undefined where it can. */
export const chromiumMissing: string | undefined = existsSync(executablePath)
  ? undefined
  : `there is no Chromium at ${executablePath}`;
if (chromiumMissing !== undefined && process.env["PINCEX_REQUIRE_SERVERS"] === "1") {
  throw new Error(chromiumMissing);
}

/** What a test's name says where it was skipped. */
export const skippedWithoutChromium: string =
  chromiumMissing === undefined ? "" : ` (skipped: ${chromiumMissing})`;

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
