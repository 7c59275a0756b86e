import type { Verdict } from "./store-batch.ts";
import type { StoreCommand, StoreOutcome } from "./store-command.ts";

interface Waiting {
  readonly command: StoreCommand;
  readonly resolve: (outcome: StoreOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** The most commands of a batch, and the most postings, so that a batch takes tens of milliseconds and not seconds. */
const COMMANDS = 1_000;
const POSTINGS = 20_000;

/** Two batches, so that this side works on one while the database works on the other. */
const LANES = 2;

/** Fewer commands than this are not worth a second batch. */
const WORTH_SHARING = 64;

/**
 * Commands that wait for their batch: those that arrive while others are on their way form the next.
 *
 * So an idle database answers at once, and a busy one is given as much at a time as there is.
 */
export class CommandQueue {
  readonly #run: (commands: readonly StoreCommand[]) => Promise<readonly Verdict[]>;
  #waiting: Waiting[] = [];
  #lanes = 0;
  #isStarting = false;

  constructor(run: (commands: readonly StoreCommand[]) => Promise<readonly Verdict[]>) {
    this.#run = run;
  }

  submit(command: StoreCommand): Promise<StoreOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ command, resolve, reject });
      if (!this.#isStarting && this.#lanes < LANES) void this.#start();
    });
  }

  async #start(): Promise<void> {
    this.#isStarting = true;
    // Whoever calls in the same breath comes along.
    await undefined;
    this.#isStarting = false;
    while (this.#lanes < LANES && this.#waiting.length > 0) void this.#runLane();
  }

  async #runLane(): Promise<void> {
    this.#lanes += 1;
    while (this.#waiting.length > 0) await this.#runBatch(this.#takeBatch());
    this.#lanes -= 1;
  }

  #takeBatch(): Waiting[] {
    const waiting = this.#waiting.length;
    const isShared = this.#lanes < LANES && waiting >= WORTH_SHARING;
    const most = Math.min(COMMANDS, isShared ? Math.ceil(waiting / LANES) : waiting);
    let count = 0;
    let postings = 0;
    for (const { command } of this.#waiting) {
      postings += postingsOf(command);
      if (count === most || (count > 0 && postings > POSTINGS)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #runBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const verdicts = await this.#run(batch.map(({ command }) => command));
      batch.forEach(({ resolve, reject }, index) => {
        const verdict = verdicts[index] as Verdict;
        if ("outcome" in verdict) resolve(verdict.outcome);
        else reject(verdict.thrown);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

const postingsOf = (command: StoreCommand): number => {
  if (command.act === "post") return command.request.postings.length;
  if (command.act !== "linked") return 0;
  return command.requests.reduce((count, { postings }) => count + postings.length, 0);
};
