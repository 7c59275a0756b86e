// The process of clients: does what the parent asks, and tells how it went.
import { closedLoop } from "./closed-loop.ts";
import type { Load, LoadResult } from "./load.ts";
import { restDialogue } from "./rest-dialogue.ts";
import { socketDialogue } from "./socket-dialogue.ts";
import { type Listening, listen } from "./subscribers.ts";

const run = async (load: Load): Promise<LoadResult> => {
  const latencies = new Float64Array(load.orders);
  let [sent, done, refused, answerBytes] = [0, 0, 0, 0];
  let firstRefusal = "";
  const nextTurn = (): number | undefined => (sent === load.orders ? undefined : sent++);
  const heard = (isDone: boolean, answer: Buffer): void => {
    answerBytes += answer.length;
    if (isDone) return;
    refused += 1;
    firstRefusal ||= String(answer);
  };
  const answered = (latencyMs: number): void => {
    latencies[done] = latencyMs;
    done += 1;
  };
  const dialogueOf = load.by === "rest" ? restDialogue : socketDialogue;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: load.connections }, (_, index) => {
      const key = load.keys[index % load.keys.length];
      if (key === undefined) throw new RangeError("expected at least one API key, was none");
      const dialogue = dialogueOf(key, nextTurn, heard);
      return closedLoop(load.port, load.outstanding, dialogue, answered);
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  latencies.sort();
  const at = (share: number): number => latencies[Math.floor(load.orders * share)] ?? 0;
  return {
    seconds,
    latencyMs: { p50: at(0.5), p99: at(0.99), p999: at(0.999) },
    refused,
    firstRefusal,
    answerBytes: Math.round(answerBytes / load.orders),
  };
};

process.on("message", (asked: Load | Listening) => {
  const doing = asked.by === "subscription" ? listen(asked) : run(asked);
  void doing.then((result) => process.send?.(result));
});
