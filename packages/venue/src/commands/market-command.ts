import {
  type CancelAll,
  type ChangeMarket,
  CommandKind,
  decodeCommand,
  encodeCommand,
  type RecordViews,
  type RecordWriter,
  recordKind,
  recordLength,
  type SetAllocation,
  type SetMarkPrice,
  type SetPhase,
  type SetPriceIncrements,
  type SetReferencePrice,
} from "@pincex/engine";
import {
  beginCommand,
  COMMAND_BODY,
  clientOrderIdLength,
  commandAccount,
  commandIdOffset,
  type Repeatable,
  readRepeatable,
  VenueCommandKind,
} from "./command-record.ts";

/** What the operator may ask of the engine in a market; `cancel_all` of any account. */
export type OperatorRequest =
  | SetPhase
  | SetMarkPrice
  | SetReferencePrice
  | ChangeMarket
  | SetAllocation
  | SetPriceIncrements
  | CancelAll;

/** Changes a market. The engine's own record stands in it unchanged. */
export interface MarketCommand extends Repeatable {
  readonly kind: "market_command";
  readonly request: OperatorRequest;
}

const OPERATOR_KINDS: ReadonlySet<number> = new Set([
  CommandKind.setPhase,
  CommandKind.setMarkPrice,
  CommandKind.setReferencePrice,
  CommandKind.changeMarket,
  CommandKind.setAllocation,
  CommandKind.setPriceIncrements,
  CommandKind.cancelAll,
]);

/** The body is the engine's record. */
export const writeMarketCommand = (writer: RecordWriter, command: MarketCommand): void => {
  const record = encodeCommand(command.request);
  const offset = beginCommand(writer, VenueCommandKind.marketCommand, 0, command, record.length);
  writer.views.bytes.set(record, offset + COMMAND_BODY);
};

export const readMarketCommand = (views: RecordViews, offset: number): MarketCommand => ({
  kind: "market_command",
  request: assertMarketCommand(views, offset),
  ...readRepeatable(views, offset),
});

/** Throws a `RangeError` unless the body is one record of a kind that the operator may use. Answers what the record says. */
export const assertMarketCommand = (views: RecordViews, offset: number): OperatorRequest => {
  const record = offset + COMMAND_BODY;
  if (record + 8 > commandIdOffset(views, offset)) {
    throw new RangeError("expected a record in market_command, was cut short");
  }
  if (!OPERATOR_KINDS.has(recordKind(views, record))) {
    throw new RangeError(
      `expected an operator's request in market_command, was of kind ${recordKind(views, record)}`,
    );
  }
  if (commandAccount(views, offset) !== 0 || clientOrderIdLength(views, offset) !== 0) {
    throw new RangeError("expected market_command by the operator, without a client order id");
  }
  const end = record + recordLength(views, record);
  if (end !== commandIdOffset(views, offset)) {
    throw new RangeError(
      `expected market_command to end at ${commandIdOffset(views, offset)}, was ${end}`,
    );
  }
  return decodeCommand(views, record) as OperatorRequest;
};
