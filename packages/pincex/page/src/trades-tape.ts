import { element, onNextFrame, setText } from "./element.ts";
import type { PublicTrade } from "./exchange-api.ts";
import type { Market } from "./market.ts";
import { formatScaled, parseScaled } from "./scaled.ts";

const SHOWN = 60;
/** A busy second must not build hundreds of rows: what is older than this was out of sight anyway. */
const KEPT = 200;

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** The last trades, newest first. */
export class TradesTape {
  readonly #tape = element("tape");
  readonly #redraw = onNextFrame(() => this.#draw());
  #market: Market | undefined;
  #waiting: PublicTrade[] = [];
  #newestId = 0;

  show(market: Market, trades: readonly PublicTrade[]): void {
    this.#market = market;
    setText(element("tape-price"), `Price (${market.quote})`);
    setText(element("tape-size"), `Size (${market.base})`);
    this.#newestId = trades.at(-1)?.id ?? 0;
    this.#waiting = [];
    const rows = trades.slice(-SHOWN).reverse();
    this.#tape.replaceChildren(...rows.map((trade) => print(market, trade, false)));
  }

  add(trade: PublicTrade): void {
    if (trade.id <= this.#newestId) return;
    this.#newestId = trade.id;
    this.#waiting.push(trade);
    if (this.#waiting.length > KEPT) this.#waiting.shift();
    this.#redraw();
  }

  #draw(): void {
    const market = this.#market;
    if (market === undefined) return;
    const fresh = this.#waiting.slice(-SHOWN).reverse();
    this.#waiting = [];
    this.#tape.prepend(...fresh.map((trade) => print(market, trade, true)));
    while (this.#tape.childElementCount > SHOWN) this.#tape.lastElementChild?.remove();
  }
}

const print = (market: Market, trade: PublicTrade, fresh: boolean): HTMLElement => {
  const row = document.createElement("div");
  row.className = `print ${trade.side}${fresh ? " fresh" : ""}`;
  row.dataset["trade"] = String(trade.id);
  const { priceDecimals, quantityDecimals } = market;
  for (const [name, text] of [
    ["price", formatScaled(parseScaled(trade.price, priceDecimals), priceDecimals)],
    ["size", formatScaled(parseScaled(trade.quantity, quantityDecimals), quantityDecimals)],
    ["time", clock.format(trade.at)],
  ] as const) {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = text;
    row.append(span);
  }
  return row;
};
