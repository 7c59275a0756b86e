import { element, setText } from "./element.ts";
import type { Ticker } from "./exchange-api.ts";
import type { Market } from "./market.ts";
import { changeClass, changeText } from "./market-summary.ts";

/** One tab for each market, with its change of the day. */
export class MarketTabs {
  readonly #tabs = new Map<string, { tab: HTMLButtonElement; change: HTMLElement }>();

  constructor(markets: readonly Market[], chosen: (market: Market) => void) {
    for (const market of markets) {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.role = "tab";
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = market.name;
      const change = document.createElement("span");
      change.className = "change";
      tab.append(name, change);
      tab.addEventListener("click", () => chosen(market));
      this.#tabs.set(market.symbol, { tab, change });
    }
    element("markets").replaceChildren(...[...this.#tabs.values()].map(({ tab }) => tab));
  }

  select(market: Market): void {
    for (const [symbol, { tab }] of this.#tabs) {
      tab.ariaSelected = String(symbol === market.symbol);
    }
  }

  ticker(ticker: Ticker): void {
    const found = this.#tabs.get(ticker.symbol);
    if (found === undefined) return;
    setText(found.change, changeText(ticker.changePercent));
    found.change.className = `change ${changeClass(ticker.changePercent)}`;
  }
}
