import { element } from "./element.ts";

/** Candles of a few seconds are made from trades, the others are kept by the exchange. */
export const SECONDS_INTERVALS: Readonly<Record<string, number>> = { "5s": 5, "15s": 15 };

const INTERVALS = ["5s", "15s", "1m", "5m", "15m", "1h", "4h", "1d"];
const REMEMBERED = "pincex.interval";

/** The row of intervals above the chart. The choice is remembered in this browser. */
export class IntervalChoice {
  readonly #buttons: HTMLButtonElement[];
  #current: string;

  constructor(chosen: () => void) {
    const remembered = localStorage.getItem(REMEMBERED);
    this.#current = remembered !== null && INTERVALS.includes(remembered) ? remembered : "";
    this.#buttons = INTERVALS.map((interval) => {
      const button = document.createElement("button");
      button.type = "button";
      button.role = "radio";
      button.textContent = interval;
      button.addEventListener("click", () => {
        localStorage.setItem(REMEMBERED, interval);
        this.current = interval;
        chosen();
      });
      return button;
    });
    element("intervals").replaceChildren(...this.#buttons);
    this.current = this.#current;
  }

  /** Empty until chosen, by a person or, for a first visit, by the page. */
  get current(): string {
    return this.#current;
  }

  set current(interval: string) {
    this.#current = interval;
    for (const button of this.#buttons) {
      button.ariaChecked = String(button.textContent === interval);
    }
  }
}
