import { setTimeout as sleep } from "node:timers/promises";
import type { AccountContext } from "../account-context.ts";

/**
 * Answers no sooner than the settings say, and at whole multiples of that where the work took longer: how long something took
 * doesn't tell whether there was something to do. Real time, whatever the context's clock says.
 */
export const evenly = async <Answer>(
  { settings: { evenAnswerMs } }: Pick<AccountContext, "settings">,
  work: () => Promise<Answer>,
): Promise<Answer> => {
  const started = performance.now();
  try {
    return await work();
  } finally {
    const took = performance.now() - started;
    if (evenAnswerMs > 0) await sleep(Math.ceil(took / evenAnswerMs) * evenAnswerMs - took);
  }
};
