import type { RecoveryProgress } from "@pincex/venue";
import type { Output } from "./output.ts";

const NEWS_MS = 2_000;

/** A long replay of the journal says how far it is and how fast, every two seconds; a short one says nothing. */
export const replayNews = (output: Output): ((progress: RecoveryProgress) => void) => {
  let toldAt = 0;
  return ({ from, sequence, head, elapsedMs }) => {
    if (elapsedMs - toldAt < NEWS_MS) return;
    toldAt = elapsedMs;
    const percent = Math.floor(((sequence - from) / Math.max(head - from, 1)) * 100);
    const rate = Math.round(((sequence - from) / elapsedMs) * 1_000);
    output.write(
      `Replaying the journal: ${percent} % of ${grouped(head - from)} commands, ${grouped(rate)} a second\n`,
    );
  };
};

const grouped = (count: number): string => count.toLocaleString("en-US");
