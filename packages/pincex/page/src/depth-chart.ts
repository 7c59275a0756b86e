import { colour } from "./colour.ts";
import { element, onNextFrame, setText } from "./element.ts";
import type { BookLevel, LocalBook } from "./local-book.ts";
import type { Market } from "./market.ts";
import { compact, formatScaled } from "./scaled.ts";

/** All that stands at a price or better. */
interface DepthPoint {
  readonly price: number;
  readonly total: number;
}

const MOST_LEVELS = 1_000;
const AXIS_PIXELS = 16;
/** Levels that lie farther from the middle than so many times the median would leave the curve in a corner. */
const MEDIAN_DISTANCES = 2.5;

const summed = (levels: readonly BookLevel[]): DepthPoint[] => {
  let total = 0;
  return levels.map(({ price, quantity }) => {
    total += quantity;
    return { price, total };
  });
};

/** How much stands in the book on the way from the middle to each price. */
export class DepthChart {
  readonly #canvas = element("depth") as HTMLCanvasElement;
  readonly #reading = element("depth-reading");
  readonly redraw: () => void = onNextFrame(() => this.#draw());
  #market: Market | undefined;
  #book: LocalBook | undefined;
  #pointerX: number | undefined;

  constructor() {
    new ResizeObserver(this.redraw).observe(this.#canvas);
    this.#canvas.addEventListener("pointermove", ({ offsetX }) => this.#point(offsetX));
    this.#canvas.addEventListener("pointerleave", () => this.#point(undefined));
  }

  show(market: Market, book: LocalBook): void {
    this.#market = market;
    this.#book = book;
    this.redraw();
  }

  #point(x: number | undefined): void {
    this.#pointerX = x;
    this.redraw();
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const [market, book] = [this.#market, this.#book];
    if (market === undefined || book === undefined || width === 0 || height === 0) return;
    const density = window.devicePixelRatio;
    this.#canvas.width = Math.round(width * density);
    this.#canvas.height = Math.round(height * density);
    const pen = this.#canvas.getContext("2d");
    if (pen === null) return;
    pen.scale(density, density);
    const bids = summed(book.levels("buy", 1, MOST_LEVELS));
    const asks = summed(book.levels("sell", 1, MOST_LEVELS));
    const view = viewOf(bids, asks, width, height - AXIS_PIXELS);
    if (view === undefined) {
      setText(this.#reading, "One side is empty");
      return;
    }
    drawSide(pen, view, bids, colour("--buy"), colour("--buy-bar"));
    drawSide(pen, view, asks, colour("--sell"), colour("--sell-bar"));
    drawAxis(pen, view, market);
    this.#drawReading(pen, view, market, bids, asks);
  }

  #drawReading(
    pen: CanvasRenderingContext2D,
    view: View,
    market: Market,
    bids: readonly DepthPoint[],
    asks: readonly DepthPoint[],
  ): void {
    const x = this.#pointerX;
    if (x === undefined) {
      setText(this.#reading, "");
      return;
    }
    const price = Math.round(view.middle + ((x / view.width) * 2 - 1) * view.reach);
    const isBid = price < view.middle;
    const side = isBid ? bids : asks;
    const last = side.findLast((point) => (isBid ? point.price >= price : point.price <= price));
    pen.strokeStyle = colour("--faint");
    pen.setLineDash([3, 3]);
    line(pen, [x, 0], [x, view.height]);
    pen.setLineDash([]);
    const total = formatScaled(last?.total ?? 0, market.quantityDecimals);
    setText(
      this.#reading,
      `${compact(total.replaceAll(",", ""))} ${market.base} to ${formatScaled(price, market.priceDecimals)}`,
    );
  }
}

interface View {
  readonly width: number;
  readonly height: number;
  readonly middle: number;
  /** In ticks, from the middle to either edge. */
  readonly reach: number;
  readonly highest: number;
}

const viewOf = (
  bids: readonly DepthPoint[],
  asks: readonly DepthPoint[],
  width: number,
  height: number,
): View | undefined => {
  const [bid] = bids;
  const [ask] = asks;
  if (bid === undefined || ask === undefined) return undefined;
  const middle = (bid.price + ask.price) / 2;
  const distances = [...bids, ...asks]
    .map(({ price }) => Math.abs(price - middle))
    .sort((one, other) => one - other);
  const median = distances[distances.length >> 1] ?? 1;
  const reach = Math.max(Math.min(median * MEDIAN_DISTANCES, distances.at(-1) ?? 1), 1);
  const inView = [...bids, ...asks].filter(({ price }) => Math.abs(price - middle) <= reach);
  const highest = Math.max(...inView.map(({ total }) => total), 1) * 1.08;
  return { width, height, middle, reach, highest };
};

const xOf = (view: View, price: number): number =>
  ((price - view.middle) / view.reach + 1) * (view.width / 2);

const yOf = (view: View, total: number): number => view.height * (1 - total / view.highest);

/** A stair from the middle outwards. */
const drawSide = (
  pen: CanvasRenderingContext2D,
  view: View,
  points: readonly DepthPoint[],
  stroke: string,
  fill: string,
): void => {
  const stair = new Path2D();
  const [best] = points;
  if (best === undefined) return;
  const edge = best.price < view.middle ? 0 : view.width;
  stair.moveTo(xOf(view, best.price), view.height);
  let before = view.height;
  for (const { price, total } of points) {
    const [x, y] = [xOf(view, price), yOf(view, total)];
    if (x < 0 || x > view.width) break;
    stair.lineTo(x, before);
    stair.lineTo(x, y);
    before = y;
  }
  stair.lineTo(edge, before);
  pen.strokeStyle = stroke;
  pen.lineWidth = 1.5;
  pen.stroke(stair);
  stair.lineTo(edge, view.height);
  pen.fillStyle = fill;
  pen.fill(stair);
};

const drawAxis = (pen: CanvasRenderingContext2D, view: View, market: Market): void => {
  pen.strokeStyle = colour("--line");
  pen.lineWidth = 1;
  line(pen, [0, view.height], [view.width, view.height]);
  pen.fillStyle = colour("--quiet");
  pen.font = `10px ${getComputedStyle(document.documentElement).fontFamily}`;
  const y = view.height + AXIS_PIXELS - 4;
  const at = (share: number): string =>
    formatScaled(Math.round(view.middle + share * view.reach), market.priceDecimals);
  pen.textAlign = "left";
  pen.fillText(at(-1), 4, y);
  pen.textAlign = "center";
  pen.fillText(at(0), view.width / 2, y);
  pen.textAlign = "right";
  pen.fillText(at(1), view.width - 4, y);
};

const line = (
  pen: CanvasRenderingContext2D,
  from: readonly [number, number],
  to: readonly [number, number],
): void => {
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
};
