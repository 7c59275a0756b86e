import { Fingerprint } from "./fingerprint.ts";

// Before any run takes its place.
const realTurn = setImmediate;

/** Whose code runs: what it does is held back while it is paused, and never happens once it is dead. */
export interface Owner {
  readonly name: string;
  alive: boolean;
  paused: boolean;
}

interface Task {
  readonly at: number;
  readonly order: number;
  readonly what: string;
  readonly owner: Owner | undefined;
  readonly run: () => void;
}

/**
 * The only clock and the only order of things in a simulated world. One task at a time runs, with everything that it sets
 * off without waiting for anything; so a run is a list of tasks, and the same seed gives the same list.
 */
export class Scheduler {
  readonly #fingerprint = new Fingerprint();
  #tasks: Task[] = [];
  #held: Task[] = [];
  #order = 0;
  #now = 0;
  #current: Owner | undefined;

  /** Milliseconds since the world began. */
  get now(): number {
    return this.#now;
  }

  /** Whose task runs. */
  get current(): Owner | undefined {
    return this.#current;
  }

  /** Of everything that has run, in its order. */
  get trace(): string {
    return this.#fingerprint.hex;
  }

  /** How many tasks have been asked for. */
  get asked(): number {
    return this.#order;
  }

  note(text: string): void {
    this.#fingerprint.text(text);
  }

  /** Runs something later, unless its owner is dead by then. Answers how to take it back. */
  after(
    milliseconds: number,
    what: string,
    run: () => void,
    owner: Owner | undefined = this.#current,
  ): () => void {
    const task = { at: this.#now + milliseconds, order: this.#order, what, owner, run };
    this.#order += 1;
    this.#tasks.push(task);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task);
      this.#held = this.#held.filter((other) => other !== task);
    };
  }

  /** Lets an owner go on with what it was about to do. */
  resume(owner: Owner): void {
    owner.paused = false;
    const released = this.#held.filter((task) => task.owner === owner);
    this.#held = this.#held.filter((task) => task.owner !== owner);
    for (const { what, run } of released) this.after(0, what, run, owner);
  }

  /** Runs what is due next until something is so. Rejects if nothing is left to run, or all this takes too long. */
  async until(isSo: () => boolean, patienceMs = 600_000): Promise<void> {
    const latest = this.#now + patienceMs;
    while (!isSo()) {
      const task = this.#takeNext();
      if (task === undefined) throw new Error("the simulated world stands still");
      if (task.at > latest) throw new Error("the simulated world does not come to an end");
      await this.#run(task);
    }
  }

  async #run({ at, owner, run, what }: Task): Promise<void> {
    this.#now = Math.max(this.#now, at);
    if (owner?.alive === false) return;
    this.#fingerprint.text(`${this.#now} ${owner?.name ?? ""} ${what}`);
    this.#current = owner;
    run();
    await new Promise<void>((resolve) => realTurn(resolve));
    this.#current = undefined;
  }

  #takeNext(): Task | undefined {
    for (;;) {
      let next: Task | undefined;
      for (const task of this.#tasks) {
        if (next === undefined || isBefore(task, next)) next = task;
      }
      if (next === undefined) return undefined;
      const taken = next;
      this.#tasks.splice(this.#tasks.indexOf(taken), 1);
      if (taken.owner?.paused !== true) return taken;
      this.#held.push(taken);
    }
  }
}

const isBefore = (a: Task, b: Task): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
