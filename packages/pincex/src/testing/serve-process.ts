import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { DemoKey } from "../exchange/demo-keys.ts";

const repository = resolve(import.meta.dirname, "../../../..");

/** `pincex serve` from source, in a process of its own that signals reach directly. */
export class ServeProcess {
  readonly #child: ChildProcess;
  readonly #dataDirectory: string;
  #stdout = "";
  #stderr = "";
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;

  constructor(dataDirectory: string, env: Readonly<Record<string, string>> = {}) {
    this.#dataDirectory = dataDirectory;
    const main = "packages/pincex/src/main.ts";
    this.#child = spawn(
      process.execPath,
      ["--import", "tsx", "--conditions=@pincex/source", main, "serve"],
      {
        cwd: repository,
        env: {
          ...process.env,
          PORT: "0",
          DATABASE_URL: "",
          PINCEX_DATA_DIR: dataDirectory,
          ...env,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.#child.stdout?.on("data", (text) => {
      this.#stdout += text;
    });
    this.#child.stderr?.on("data", (text) => {
      this.#stderr += text;
    });
    this.ended = new Promise((done) => {
      this.#child.once("close", (code, signal) => done(signal ?? code ?? -1));
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The address of its banner; throws if it ends before. */
  async address(): Promise<string> {
    let hasEnded = false;
    void this.ended.then(() => {
      hasEnded = true;
    });
    for (;;) {
      const found = /http:\/\/localhost:(\d+)/.exec(this.#stdout);
      if (found?.[1] !== undefined) return `http://127.0.0.1:${found[1]}`;
      if (hasEnded) throw new Error(`serve ended early:\n${this.#stdout}${this.#stderr}`);
      await new Promise((later) => setTimeout(later, 50));
    }
  }

  demoKeys(): DemoKey[] {
    return JSON.parse(readFileSync(join(this.#dataDirectory, "demo-keys.json"), "utf8"));
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
