import type { RecoveryProgress } from "@pincex/venue";
import type { Output } from "./output.ts";
import { CLEAR_LINE, progressBar } from "./progress-bar.ts";

/** Below this, nobody waits. */
const PATIENCE_MS = 300;
const NEWS_MS = 2_000;

/**
 * Says of a replay of the journal how far it is and how fast: a terminal sees a bar, which is gone at the end; a log has a
 * line every two seconds. Of a short replay, nothing is said.
 */
export const replayNews = (output: Output): ((progress: RecoveryProgress) => void) =>
  output.isTTY === true ? drawnNews(output) : toldNews(output);

const drawnNews = (output: Output): ((progress: RecoveryProgress) => void) => {
  let isDrawn = false;
  return (progress) => {
    if (progress.sequence === progress.head) {
      if (isDrawn) output.write(CLEAR_LINE);
      isDrawn = false;
    } else if (progress.elapsedMs >= PATIENCE_MS) {
      output.write(progressBar(shareOf(progress), newsOf(progress)));
      isDrawn = true;
    }
  };
};

const toldNews = (output: Output): ((progress: RecoveryProgress) => void) => {
  let toldAt = 0;
  return (progress) => {
    if (progress.elapsedMs - toldAt < NEWS_MS) return;
    toldAt = progress.elapsedMs;
    output.write(`${newsOf(progress)}\n`);
  };
};

const newsOf = (progress: RecoveryProgress): string => {
  const { from, sequence, head, elapsedMs } = progress;
  const percent = Math.floor(shareOf(progress) * 100);
  const rate = Math.round(((sequence - from) / elapsedMs) * 1_000);
  return `Replaying the journal: ${percent} % of ${grouped(head - from)} commands, ${grouped(rate)} a second`;
};

const shareOf = ({ from, sequence, head }: RecoveryProgress): number =>
  Math.min(1, (sequence - from) / Math.max(head - from, 1));

const grouped = (count: number): string => count.toLocaleString("en-US");
