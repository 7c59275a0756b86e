import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Load, LoadResult } from "./load.ts";
import type { Heard, Listening } from "./subscribers.ts";

/** Clients in a process of their own. */
export class ClientProcess {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, "clients.ts"), {
    execArgv: process.execArgv,
  });

  async load(load: Load): Promise<LoadResult> {
    this.#child.send(load);
    const result = (await this.#message()) as LoadResult;
    if (result.refused === 0) return result;
    throw new Error(`${result.refused} orders refused, first: ${result.firstRefusal}`);
  }

  /** Resolves when all have their snapshot, to what they hear from then on. */
  async listen(listening: Listening): Promise<{ readonly heard: Promise<Heard> }> {
    this.#child.send(listening);
    await this.#message();
    return { heard: this.#message() as Promise<Heard> };
  }

  stop(): void {
    this.#child.kill();
  }

  async #message(): Promise<unknown> {
    const gone = once(this.#child, "exit").then(() => {
      throw new Error("expected the clients' process to go on");
    });
    const [message] = (await Promise.race([once(this.#child, "message"), gone])) as [unknown];
    return message;
  }
}
