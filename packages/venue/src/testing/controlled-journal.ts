import type { Frame, Journal } from "../journal/journal.ts";

/** What happens to the next append: it waits until it is let go, and fails before or after the frame was kept. */
export type AppendFate = "kept" | "lost" | "kept_but_failed";

/** A journal whose disk a test holds in its hand. */
export interface ControlledJournal extends Journal {
  /** From now on, appends wait for `letGo`. */
  hold(): void;
  /** Ends the waiting of the append that is on its way, if there is one, and says whether there was. */
  letGo(fate?: AppendFate): Promise<boolean>;
  /** Frames that were asked for so far, waiting ones included. */
  readonly asked: number;
}

export const controlledJournal = (journal: Journal): ControlledJournal => {
  let held = false;
  let asked = 0;
  let release: ((fate: AppendFate) => Promise<void>) | undefined;
  const append = async (frame: Frame): Promise<void> => {
    asked += 1;
    if (!held) return journal.append(frame);
    return new Promise((resolve, reject) => {
      release = async (fate) => {
        if (fate !== "lost") await journal.append(frame);
        if (fate === "kept") resolve();
        else reject(Object.assign(new Error(`the test says: ${fate}`), { code: "EIO" }));
      };
    });
  };
  return {
    append,
    head: () => journal.head(),
    skipped: () => journal.skipped(),
    skip: (command) => journal.skip(command),
    read: (from) => journal.read(from),
    close: () => journal.close(),
    hold: () => {
      held = true;
    },
    letGo: async (fate = "kept") => {
      await turns();
      const released = release;
      release = undefined;
      await released?.(fate);
      await turns();
      return released !== undefined;
    },
    get asked() {
      return asked;
    },
  };
};

/** Lets everything run that can run without a disk. */
export const turns = async (count = 4): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
};
