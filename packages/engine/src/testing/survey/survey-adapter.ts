import {
  DoneReason,
  Engine,
  type EngineCommand,
  type EngineHandler,
  EventKind,
  type EventRegister,
  REJECTIONS,
  RecordWriter,
  rejectionCode,
  writeCommand,
} from "@pincex/engine";
import { ORDER_ID, PRICE, QUANTITY } from "../../commands/command-layout.ts";
import { IdTable } from "./id-table.ts";
import { Report, type ReportSink, ReportStream } from "./report-stream.ts";
import { MessageType, type Workload } from "./workload.ts";

const MARKET = 1;
const ACCOUNT = 1;
/** The widest market: see the bounds of `add_market`. Nothing that goes beyond is reported, it throws. */
const HIGHEST_PRICE = 2 ** 31 - 2;
const LARGEST_QUANTITY = 2 ** 22;

/** What a modify does after its cancel: the events of that placement are other lines than those of a new order. */
const RE_ENTER = 3;

/** What came of a workload, besides its report stream. */
export interface Outcome {
  readonly lines: number;
  readonly trades: number;
  /** Lots traded. */
  readonly volume: number;
}

/**
 * Sends a workload through an engine, as encoded commands, and writes the report stream from the engine's events. Throws
 * `RangeError` for an order that the engine's widest market would not take.
 */
export const replaySurvey = (workload: Workload, sink: ReportSink): Outcome => {
  const adapter = new SurveyAdapter(workload, sink);
  // V8 forgets what it has compiled for objects of a shape when the last of them is collected: the next replay would begin anew.
  latest = adapter;
  return latest.replay();
};

let latest: SurveyAdapter | undefined;

/**
 * The survey's protocol over the engine. It names orders by ids of its own, which it may use again once the order is filled
 * or cancelled, and has a modify, which is a cancel and a new order under the same id; everything else is the engine's,
 * also whether what is to be cancelled still rests.
 *
 * What the survey does not say: a new order whose id still rests is a second order, and the id from then on names the one
 * that came to rest last. A modify is always good till cancelled, and stays on the side of its order.
 */
class SurveyAdapter implements EngineHandler {
  readonly #workload: Workload;
  readonly #report: ReportStream;
  readonly #engine: Engine = new Engine({ handler: this });
  readonly #commands: RecordWriter = new RecordWriter();
  /** Where the records of a placement are, by side and ioc. */
  readonly #placements: readonly number[];
  readonly #cancel: number;
  /** The engine's ids by the survey's, of the orders that have rested. */
  readonly #orderIds: IdTable;
  /** The survey's ids by the engine's, which count up from 1. No message makes more than one order. */
  readonly #surveyIds: Float64Array;
  #trades = 0;
  #volume = 0;

  // The message that is being done.
  #sequence = 0;
  #step: number = MessageType.new;
  #id = 0;
  #entered = 0;
  #isResting = false;
  #cancelledSide = 0;
  #isCancelled = false;

  constructor(workload: Workload, sink: ReportSink) {
    this.#workload = workload;
    this.#report = new ReportStream(sink);
    this.#orderIds = new IdTable(workload.count);
    this.#surveyIds = new Float64Array(workload.count + 1);
    this.#engine.process(this.#commands.views, this.#write(market));
    this.#placements = [
      this.#write({ ...placement, side: "buy", timeInForce: "gtc" }),
      this.#write({ ...placement, side: "sell", timeInForce: "gtc" }),
      this.#write({ ...placement, side: "buy", timeInForce: "ioc" }),
      this.#write({ ...placement, side: "sell", timeInForce: "ioc" }),
    ];
    this.#cancel = this.#write({ kind: "cancel", market: MARKET, account: ACCOUNT, orderId: 0 });
  }

  replay(): Outcome {
    const { count, flags, ids, prices, quantities } = this.#workload;
    for (let sequence = 0; sequence < count; sequence += 1) {
      const flag = flags[sequence] as number;
      const price = prices[sequence] as number;
      const quantity = quantities[sequence] as number;
      this.#sequence = sequence;
      this.#step = flag & 3;
      this.#id = ids[sequence] as number;
      if (this.#step === MessageType.new) this.#place(flag >>> 2, price, quantity);
      else if (this.#step === MessageType.cancel) this.#cancelOrder();
      else this.#modify(price, quantity);
    }
    this.#report.flush();
    return { lines: this.#report.lines, trades: this.#trades, volume: this.#volume };
  }

  event(event: EventRegister): void {
    switch (event.kind) {
      case EventKind.trade:
        this.#traded(event);
        return;
      case EventKind.accepted:
        this.#accepted(event);
        return;
      case EventKind.done:
        this.#done(event);
        return;
      case EventKind.rejected:
        this.#rejected(event);
    }
  }

  /** `terms` is side | ioc << 1. */
  #place(terms: number, price: number, quantity: number): void {
    const offset = this.#placements[terms] as number;
    const { views } = this.#commands;
    views.i32[(offset >> 2) + PRICE] = price;
    views.f64[(offset >> 3) + QUANTITY] = quantity;
    this.#engine.process(views, offset);
    if (this.#isResting) this.#orderIds.set(this.#id, this.#entered);
  }

  #cancelOrder(): void {
    const { views } = this.#commands;
    views.f64[(this.#cancel >> 3) + ORDER_ID] = this.#orderIds.get(this.#id);
    this.#engine.process(views, this.#cancel);
  }

  #modify(price: number, quantity: number): void {
    this.#isCancelled = false;
    this.#cancelOrder();
    if (!this.#isCancelled) return;
    const side = this.#cancelledSide;
    this.#step = RE_ENTER;
    this.#place(side, price, quantity);
    const report = this.#report;
    report.begin(Report.modified, this.#sequence);
    report.field(side);
    report.field(this.#id);
    report.field(price);
    report.field(quantity);
  }

  #traded(event: EventRegister): void {
    const report = this.#report;
    const quantity = event.quantity;
    this.#trades += 1;
    this.#volume += quantity;
    report.begin(Report.trade, this.#sequence);
    report.field(event.price);
    report.field(quantity);
    report.field(this.#surveyIds[event.makerOrderId] as number);
    report.field(this.#surveyIds[event.takerOrderId] as number);
  }

  #accepted(event: EventRegister): void {
    this.#entered = event.orderId;
    this.#isResting = true;
    this.#surveyIds[this.#entered] = this.#id;
    if (this.#step === RE_ENTER) return;
    const report = this.#report;
    report.begin(Report.accepted, this.#sequence);
    report.field(event.side);
    report.field(this.#id);
    report.field(event.price);
    report.field(event.quantity);
  }

  #done(event: EventRegister): void {
    const reason = event.reason;
    if (reason === DoneReason.filled) {
      if (event.orderId === this.#entered) this.#isResting = false;
      return;
    }
    // Cancelled, or the rest of an IOC: both are lines of their own, except as the first half of a modify.
    this.#isResting = false;
    if (this.#step === MessageType.modify) {
      this.#isCancelled = true;
      this.#cancelledSide = event.side;
      return;
    }
    const report = this.#report;
    report.begin(Report.cancelled, this.#sequence);
    report.field(event.side);
    report.field(this.#id);
    report.field(event.price);
  }

  #rejected(event: EventRegister): void {
    if (this.#step === MessageType.cancel || this.#step === MessageType.modify) {
      const isCancel = this.#step === MessageType.cancel;
      this.#report.begin(isCancel ? Report.cancelRejected : Report.modifyRejected, this.#sequence);
      this.#report.field(this.#id);
      return;
    }
    const code = rejectionCode(event.codeNumber);
    const rule = code === "refused_by_admission" ? "" : `: ${REJECTIONS[code].rule}`;
    throw new RangeError(`message ${this.#sequence}: ${code}${rule}`);
  }

  #write(command: EngineCommand): number {
    const offset = this.#commands.length;
    writeCommand(this.#commands, command);
    return offset;
  }
}

const market: EngineCommand = {
  kind: "add_market",
  market: MARKET,
  maxPrice: HIGHEST_PRICE,
  maxQuantity: LARGEST_QUANTITY,
  priceIncrement: 1,
  quantityIncrement: 1,
  minQuantity: 0,
  minNotional: 0,
};

const placement = {
  kind: "place",
  market: MARKET,
  account: ACCOUNT,
  type: "limit",
  price: 0,
  quantity: 0,
  quoteQuantity: 0,
} as const;
