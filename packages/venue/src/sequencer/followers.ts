import type { RecordViews } from "@pincex/engine";
import { CORE_SECTION, SKIPPED_SECTION } from "../snapshots/section-names.ts";
import type { SlicedSnapshot, View } from "../views/view.ts";
import { nextTurn } from "./turn.ts";

/** What follows a venue in memory, in its thread or in another. */
export interface Followers {
  /** Of the sections of a snapshot that are theirs. */
  readonly names: readonly string[];
  /** Follow the events of whole commands, the last of which has that sequence number. */
  apply(events: RecordViews, length: number, lastSequence: number): void;
  /** Resolves when they have followed far enough to be given more: a start gives faster than anybody reads. */
  room(): Promise<void>;
  /** Their sections, as they are after what they have been given when it is asked for. */
  snapshot(): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Rejects where one can't read its section; then some of them may be as they were. */
  restore(sections: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

/** Views in this thread: they have followed when `apply` returns. */
export class LocalViews implements Followers {
  readonly #views: readonly View[];

  /** Throws a `RangeError` unless each has a name of its own. */
  constructor(views: readonly View[]) {
    assertOwnNames(views.map(({ name }) => name));
    this.#views = views;
  }

  get names(): readonly string[] {
    return this.#views.map(({ name }) => name);
  }

  apply(events: RecordViews, length: number): void {
    for (const view of this.#views) view.apply(events, 0, length);
  }

  async room(): Promise<void> {}

  async snapshot(): Promise<ReadonlyMap<string, Uint8Array>> {
    // All of them begin in this turn, so they are of one command.
    const begun = this.#views.map((view) => [view.name, beginSnapshot(view)] as const);
    const sections = new Map<string, Uint8Array>();
    for (const [name, snapshot] of begun) {
      while (snapshot.slice()) await new Promise<void>((resolve) => nextTurn(resolve));
      sections.set(name, snapshot.finished());
    }
    return sections;
  }

  async restore(sections: ReadonlyMap<string, Uint8Array>): Promise<void> {
    for (const view of this.#views) view.restore(sections.get(view.name) ?? new Uint8Array());
  }
}

const beginSnapshot = (view: View): SlicedSnapshot => {
  if (view.beginSnapshot !== undefined) return view.beginSnapshot();
  const whole = view.snapshot();
  return { slice: () => false, finished: () => whole };
};

/** Throws a `RangeError` unless each view has a name that is no other section's. */
export const assertOwnNames = (views: readonly string[]): void => {
  const names = [...views, CORE_SECTION, SKIPPED_SECTION];
  if (new Set(names).size === names.length) return;
  throw new RangeError(`expected views with names of their own, was ${names.join(", ")}`);
};
