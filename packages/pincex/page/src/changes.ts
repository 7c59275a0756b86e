import { useEffect, useReducer } from "preact/hooks";
import { onNextFrame } from "./element.ts";

/** Something that changes, and tells those who look at it; once a frame, however often it changes. */
export class Changing {
  readonly #listeners = new Set<() => void>();
  readonly #tell = onNextFrame(() => {
    for (const listener of [...this.#listeners]) listener();
  });

  /** Answers how to stop listening. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  protected changed(): void {
    this.#tell();
  }
}

/** Draws a component again whenever one of these changes. */
export const useChanges = (...watched: readonly Changing[]): void => {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  // What is watched is the same objects in every drawing.
  useEffect(() => {
    const stops = watched.map((one) => one.onChange(() => redraw(undefined)));
    return () => {
      for (const stop of stops) stop();
    };
  }, watched);
};
