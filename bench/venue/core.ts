import { Engine, type RecordViews, RecordWriter, recordLength } from "@pincex/engine";
import { type VenueCommand, VenueCommandKind, VenueCore, writeVenueCommand } from "@pincex/venue";
import type { BenchOptions, Print } from "../figure.ts";

const ACCOUNTS = 1_000;
const MID = 500_000;
const FRAME = 64;

/** How many of a hundred commands cancel and how many take, up to so many ticks beyond the middle; the others rest. */
export interface Mix {
  readonly name: string;
  readonly cancels: number;
  readonly takes: number;
  readonly reach: number;
}

export const MIXES: readonly Mix[] = [
  { name: "mixed", cancels: 40, takes: 15, reach: 20 },
  { name: "matches", cancels: 0, takes: 50, reach: 200 },
];

/** The core alone: risk, match, settle, events, without I/O; beside it the engine on the same orders, without money. */
export const coreAlone = (print: Print, { short }: BenchOptions): void => {
  const count = short ? 100_000 : 400_000;
  for (const mix of MIXES) {
    const commands = commandStream(mix, count);
    const rounds = Array.from({ length: short ? 3 : 5 }, () => [
      commandsPerSecond(commands, count),
      matchedPerSecond(commands, count),
    ]);
    const ours = median(rounds.map(([venue = 0]) => venue));
    const theirs = median(rounds.map(([, engine = 0]) => engine));
    print({
      bench: `venue/core-${mix.name}`,
      ours: Math.round(ours),
      unit: "commands/s",
      peer: "@pincex/engine alone",
      theirs: Math.round(theirs),
      ratio: Math.round((ours / theirs) * 100) / 100,
      note: `${tradesIn(commands)} trades in ${count} commands, median of ${rounds.length}; no I/O`,
    });
  }
};

export const beginnings: readonly VenueCommand[] = [
  { kind: "add_asset", asset: 1, code: "BTC", decimals: 8 },
  { kind: "add_asset", asset: 2, code: "USDT", decimals: 8 },
  {
    kind: "list_market",
    market: 1,
    symbol: "BTC-USDT",
    base: 1,
    quote: 2,
    lotUnits: 1_000n,
    tickLotUnits: 10n,
    maxPrice: 10_000_000,
    maxQuantity: 100_000_000,
    priceIncrement: 1,
    quantityIncrement: 1,
    minQuantity: 1,
    minNotional: 0,
  },
  { kind: "set_fees", market: 0, makerPpm: 1_000, takerPpm: 1_000 },
  ...Array.from({ length: ACCOUNTS }, (_, index): VenueCommand[] => [
    { kind: "open_account", account: index + 1, name: `account-${index + 1}` },
    { kind: "credit_deposit", account: index + 1, asset: 1, amount: 10n ** 15n, reference: "" },
    { kind: "credit_deposit", account: index + 1, asset: 2, amount: 10n ** 18n, reference: "" },
  ]).flat(),
];

/** The same pseudo-random orders each time. Cancels name orders that were placed to rest; a few have traded by then. */
class OrderFlow {
  readonly #mix: Mix;
  readonly #resting: { orderId: number; account: number }[] = [];
  #seed = 12_345;
  #nextOrderId = 1;

  constructor(mix: Mix) {
    this.#mix = mix;
  }

  next(turn: number): VenueCommand {
    const kind = this.#draw(100);
    const { cancels, takes } = this.#mix;
    if (kind < cancels && this.#resting.length > 1_000) return this.#cancel();
    return this.#place(turn, kind >= 100 - takes);
  }

  #cancel(): VenueCommand {
    const [named] = this.#resting.splice(this.#draw(this.#resting.length), 1);
    if (named === undefined) throw new RangeError("expected a resting order to cancel");
    return { kind: "cancel_order", ...named, market: 1, clientOrderId: "" };
  }

  #place(turn: number, takes: boolean): VenueCommand {
    const { cancels, reach } = this.#mix;
    const account = 1 + this.#draw(ACCOUNTS);
    const side = this.#draw(2) === 0 ? "buy" : "sell";
    const distance = takes ? -reach : 1 + this.#draw(200);
    if (!takes && cancels > 0) this.#resting.push({ orderId: this.#nextOrderId, account });
    this.#nextOrderId += 1;
    return {
      kind: "place_order",
      account,
      clientOrderId: turn % 2 === 0 ? `order-${turn}` : "",
      order: {
        market: 1,
        side,
        type: "limit",
        timeInForce: takes ? "ioc" : "gtc",
        price: side === "buy" ? MID - distance : MID + distance,
        quantity: 1 + this.#draw(50),
        quoteQuantity: 0,
      },
    };
  }

  #draw(bound: number): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) | 0;
    return (this.#seed >>> 8) % bound;
  }
}

export const commandStream = (mix: Mix, count: number): RecordWriter => {
  const writer = new RecordWriter(count * 128);
  const flow = new OrderFlow(mix);
  for (let turn = 0; turn < count; turn++) writeVenueCommand(writer, flow.next(turn));
  return writer;
};

const commandsPerSecond = ({ views, length }: RecordWriter, count: number): number => {
  const core = begunCore();
  const out = new RecordWriter(1 << 20);
  let sequence = core.sequence;
  const began = performance.now();
  for (let offset = 0; offset < length; offset += recordLength(views, offset)) {
    sequence += 1;
    core.apply(sequence, sequence, views, offset, out);
    if (sequence % FRAME === 0) out.clear();
  }
  return (count / (performance.now() - began)) * 1_000;
};

const matchedPerSecond = ({ views, length }: RecordWriter, count: number): number => {
  const out = new RecordWriter(1 << 20);
  const engine = new Engine({
    handler: { event: (event) => void out.append(event.views, 0, event.length) },
  });
  engine.addMarket(1, 10_000_000, 100_000_000, 1, 1, 1, 0);
  const began = performance.now();
  let turn = 0;
  for (let offset = 0; offset < length; offset += recordLength(views, offset)) {
    toEngine(engine, views, offset);
    turn += 1;
    if (turn % FRAME === 0) out.clear();
  }
  return (count / (performance.now() - began)) * 1_000;
};

/** A venue's placement has the engine's record at byte 16; a cancellation has its market there, and its order at 24. */
const toEngine = (engine: Engine, views: RecordViews, offset: number): void => {
  const int = offset >> 2;
  if (((views.i32[int] ?? 0) & 0xff) === VenueCommandKind.placeOrder) {
    engine.process(views, offset + 16);
  } else {
    const double = offset >> 3;
    engine.cancel(views.f64[double + 2] ?? 0, views.i32[int + 1] ?? 0, views.f64[double + 3] ?? 0);
  }
};

const tradesIn = ({ views, length }: RecordWriter): number => {
  const core = begunCore();
  const out = new RecordWriter(1 << 20);
  for (let offset = 0; offset < length; offset += recordLength(views, offset)) {
    core.apply(core.sequence + 1, core.time, views, offset, out);
    out.clear();
  }
  core.checkInvariants();
  return core.engine.nextTradeId - 1;
};

const begunCore = (): VenueCore => {
  const core = new VenueCore();
  const writer = new RecordWriter();
  for (const command of beginnings) writeVenueCommand(writer, command);
  const out = new RecordWriter(1 << 20);
  for (let offset = 0; offset < writer.length; offset += recordLength(writer.views, offset)) {
    core.apply(core.sequence + 1, 0, writer.views, offset, out);
    out.clear();
  }
  return core;
};

export const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
