import {
  type Engine,
  type EngineCommand,
  OrderType,
  type RecordViews,
  RecordWriter,
  sideName,
  TimeInForce,
  timeInForceName,
  writeCommand,
} from "@pincex/engine";
import { TradeTally } from "../trade-tally.ts";
import {
  CommandType,
  ORDER_ID,
  PRICE,
  QUANTITY,
  SYMBOL,
  sideOf,
  TERMS,
  timeInForceOf,
  typeOf,
  WORDS,
  type Workload,
} from "../workload.ts";
import { ACCOUNT, engineFor, TradeReader } from "./engine-attempt.ts";
import { withTypes } from "./order-types.ts";

type Place = Extract<EngineCommand, { kind: "place" }>;

/** A workload as the engine's records. */
export interface EngineCommands {
  readonly views: RecordViews;
  /** Where the records of each command begin, in bytes, and where the last ones end. */
  readonly offsets: Int32Array;
  /** The workload's order ids by the engine's. */
  readonly workloadIds: Int32Array;
}

export const engineCommands = (workload: Workload): EngineCommands =>
  new Encoder(workload, (order) => order).encoded();

/** The same, with all types of orders among them. */
export const typedCommands = (workload: Workload): EngineCommands =>
  new Encoder(workload, withTypes).encoded();

/**
 * The engine gives ids itself, in the order in which it accepts, so that they can be counted beforehand. Not so where orders
 * are replaced: whether one is entered anew depends on what has traded. Then an engine runs beside and tells.
 */
class Encoder {
  readonly #workload: Workload;
  readonly #writer: RecordWriter;
  readonly #offsets: Int32Array;
  readonly #workloadIds: Int32Array;
  readonly #engineIds: Int32Array;
  readonly #beside: Engine | undefined;
  readonly #dressed: (order: Place, orderId: number) => EngineCommand;
  #nextOrderId = 1;

  constructor(workload: Workload, dressed: (order: Place, orderId: number) => EngineCommand) {
    const commands = workload.setup + workload.main;
    this.#workload = workload;
    this.#dressed = dressed;
    this.#writer = new RecordWriter(commands * 40);
    this.#offsets = new Int32Array(commands + 1);
    // An order list has two orders where the workload has one.
    this.#workloadIds = new Int32Array(2 * commands + 1);
    this.#engineIds = new Int32Array(workload.maxOrderId + 1);
    if (replacesOrders(workload)) {
      // With the same handler as what is measured, so that the engine's calls of it stay of one kind.
      this.#beside = engineFor(workload, new TradeReader(new TradeTally(), this.#workloadIds));
    }
  }

  encoded(): EngineCommands {
    for (let index = 1; index < this.#offsets.length; index += 1) {
      this.#encode((index - 1) * WORDS);
      this.#offsets[index] = this.#writer.length;
    }
    const { views } = this.#writer;
    return { views, offsets: this.#offsets, workloadIds: this.#workloadIds };
  }

  #encode(at: number): void {
    const { words } = this.#workload;
    const type = typeOf(words[at + TERMS] as number);
    if (type === CommandType.limit || type === CommandType.market) this.#place(at);
    else if (this.#cancel(at) && type === CommandType.replace) this.#place(at);
  }

  #place(at: number): void {
    const { words } = this.#workload;
    const terms = words[at + TERMS] as number;
    const orderId = words[at + ORDER_ID] as number;
    const market = (words[at + SYMBOL] as number) + 1;
    const price = words[at + PRICE] as number;
    const quantity = words[at + QUANTITY] as number;
    const type = typeOf(terms) === CommandType.market ? "market" : "limit";
    const timeInForce = type === "market" ? TimeInForce.ioc : timeInForceOf(terms);
    this.#engineIds[orderId] = this.#nextOrderId;
    this.#workloadIds[this.#nextOrderId] = orderId;
    const order: Place = {
      kind: "place",
      market,
      account: ACCOUNT,
      side: sideName(sideOf(terms)),
      type,
      timeInForce: timeInForceName(timeInForce),
      price,
      quantity,
      quoteQuantity: 0,
    };
    const command = this.#dressed(order, orderId);
    this.#nextOrderId += command.kind === "place_list" ? command.legs.length : 1;
    writeCommand(this.#writer, command);
    this.#beside?.place(
      market,
      ACCOUNT,
      sideOf(terms),
      OrderType[type],
      timeInForce,
      price,
      quantity,
      0,
    );
  }

  /** Whether an engine runs beside and has found the order. */
  #cancel(at: number): boolean {
    const { words } = this.#workload;
    const market = (words[at + SYMBOL] as number) + 1;
    const orderId = this.#engineIds[words[at + ORDER_ID] as number] as number;
    writeCommand(this.#writer, { kind: "cancel", market, account: ACCOUNT, orderId });
    return this.#beside?.cancel(market, ACCOUNT, orderId) ?? false;
  }
}

const replacesOrders = ({ words }: Workload): boolean => {
  for (let at = TERMS; at < words.length; at += WORDS) {
    if (typeOf(words[at] as number) === CommandType.replace) return true;
  }
  return false;
};
