import { element, onNextFrame, setText } from "./element.ts";
import type { BookLevel, LocalBook } from "./local-book.ts";
import type { Market } from "./market.ts";
import { formatScaled } from "./scaled.ts";

interface Row {
  readonly root: HTMLElement;
  readonly price: HTMLElement;
  readonly size: HTMLElement;
  readonly total: HTMLElement;
}

const GROUPS = [1, 5, 10, 50, 100, 500, 1_000];
/** Levels that the share of bids and asks is counted over. */
const PRESSURE_LEVELS = 20;

const cell = (name: string): HTMLElement => {
  const span = document.createElement("span");
  span.className = name;
  return span;
};

const newRow = (): Row => {
  const root = document.createElement("div");
  root.className = "level empty";
  const row = { root, price: cell("price"), size: cell("size"), total: cell("total") };
  root.append(row.price, row.size, row.total);
  return row;
};

const sum = (levels: readonly BookLevel[]): number =>
  levels.reduce((total, { quantity }) => total + quantity, 0);

/** Prices of one's own orders, in ticks; a level may be made of several prices. */
export type OwnPrices = Readonly<Record<"buy" | "sell", readonly number[]>>;

/** The ladder: asks above the middle, bids below, each with a bar as long as all that stands before it. */
export class OrderBookLadder {
  readonly #asks = element("asks");
  readonly #bids = element("bids");
  readonly #grouping = element("grouping") as HTMLSelectElement;
  readonly #askRows: Row[] = [];
  readonly #bidRows: Row[] = [];
  readonly redraw: () => void = onNextFrame(() => this.#draw());
  #market: Market | undefined;
  #book: LocalBook | undefined;
  #own: OwnPrices = { buy: [], sell: [] };

  /** @param picked told the price of a level that is clicked, as the API writes it. */
  constructor(picked: (price: string) => void) {
    new ResizeObserver(() => this.#fit()).observe(element("ladder"));
    element("ladder").addEventListener("click", ({ target }) => {
      const level = (target as Element).closest<HTMLElement>(".level:not(.empty)");
      const price = level?.dataset["price"];
      if (price !== undefined) picked(price);
    });
    this.#grouping.addEventListener("change", this.redraw);
  }

  show(market: Market, book: LocalBook): void {
    this.#market = market;
    this.#book = book;
    setText(element("book-price"), `Price (${market.quote})`);
    setText(element("book-size"), `Size (${market.base})`);
    setText(element("book-total"), `Total (${market.base})`);
    this.#grouping.replaceChildren(
      ...GROUPS.map(
        (ticks) => new Option(formatScaled(ticks, market.priceDecimals), String(ticks)),
      ),
    );
    this.redraw();
  }

  /** Marks the levels that orders of one's own stand at. */
  mark(own: OwnPrices): void {
    this.#own = own;
    this.redraw();
  }

  #fit(): void {
    this.#fitSide(this.#asks, this.#askRows, "prepend");
    this.#fitSide(this.#bids, this.#bidRows, "append");
    this.redraw();
  }

  #fitSide(side: HTMLElement, rows: Row[], add: "prepend" | "append"): void {
    const rowHeight = Number.parseFloat(getComputedStyle(side).getPropertyValue("--row"));
    const wanted = Math.max(1, Math.floor(side.clientHeight / rowHeight));
    while (rows.length > wanted) rows.pop()?.root.remove();
    while (rows.length < wanted) {
      const row = newRow();
      rows.push(row);
      side[add](row.root);
    }
  }

  #draw(): void {
    const market = this.#market;
    const book = this.#book;
    if (market === undefined || book === undefined) return;
    const group = Number(this.#grouping.value) || 1;
    const depth = Math.max(this.#askRows.length, PRESSURE_LEVELS);
    const asks = book.levels("sell", group, depth);
    const bids = book.levels("buy", group, depth);
    const shownAsks = asks.slice(0, this.#askRows.length);
    const shownBids = bids.slice(0, this.#bidRows.length);
    const longest = Math.max(sum(shownAsks), sum(shownBids), 1);
    const { sell, buy } = this.#own;
    const isOwnAsk = (price: number): boolean =>
      sell.some((own) => Math.ceil(own / group) * group === price);
    const isOwnBid = (price: number): boolean =>
      buy.some((own) => Math.floor(own / group) * group === price);
    drawRows(this.#askRows, shownAsks, longest, market, isOwnAsk);
    drawRows(this.#bidRows, shownBids, longest, market, isOwnBid);
    this.#drawSpread(market, book);
    drawPressure(sum(bids.slice(0, PRESSURE_LEVELS)), sum(asks.slice(0, PRESSURE_LEVELS)));
  }

  #drawSpread(market: Market, book: LocalBook): void {
    const [ask] = book.levels("sell", 1, 1);
    const [bid] = book.levels("buy", 1, 1);
    if (ask === undefined || bid === undefined) {
      setText(element("spread"), "one side is empty");
      return;
    }
    const spread = ask.price - bid.price;
    const basisPoints = ((spread / ask.price) * 10_000).toFixed(2);
    setText(
      element("spread"),
      `Spread ${formatScaled(spread, market.priceDecimals)} · ${basisPoints} bp`,
    );
  }
}

const drawRows = (
  rows: readonly Row[],
  levels: readonly BookLevel[],
  longest: number,
  market: Market,
  isOwn: (price: number) => boolean,
): void => {
  let total = 0;
  rows.forEach((row, index) => {
    const level = levels[index];
    row.root.classList.toggle("empty", level === undefined);
    total += level?.quantity ?? 0;
    row.root.style.setProperty("--depth", level === undefined ? "0" : String(total / longest));
    row.root.classList.toggle("own", level !== undefined && isOwn(level.price));
    if (level === undefined) return;
    const price = formatScaled(level.price, market.priceDecimals);
    row.root.dataset["price"] = price.replaceAll(",", "");
    setText(row.price, price);
    setText(row.size, formatScaled(level.quantity, market.quantityDecimals));
    setText(row.total, formatScaled(total, market.quantityDecimals));
  });
};

const drawPressure = (bids: number, asks: number): void => {
  const share = bids + asks === 0 ? 50 : Math.round((bids / (bids + asks)) * 100);
  const bidBar = element("pressure-bids");
  const askBar = element("pressure-asks");
  setText(bidBar, `${share} % bids`);
  setText(askBar, `${100 - share} %`);
  bidBar.style.flexGrow = String(share);
  askBar.style.flexGrow = String(100 - share);
};
