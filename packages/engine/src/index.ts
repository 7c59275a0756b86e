// What @pincex/engine offers: the engine, what it is told and what it says, and the records both are written in.

export type { Admission } from "./admission.ts";
export { Allocation, type AllocationName } from "./allocation/allocation.ts";
export {
  type AddMarket,
  type AdvanceTime,
  type Amend,
  type Cancel,
  type CancelAll,
  type CancelAllAfter,
  type CancelByClientId,
  type ChangeMarket,
  Contingency,
  type ContingencyName,
  type EngineCommand,
  type ListLeg,
  OnFailure,
  type OnFailureName,
  type OrderTerms,
  type Place,
  type PlaceList,
  type PriceBand,
  type Reduce,
  type Replace,
  type SetAllocation,
  type SetMarkPrice,
  type SetPhase,
  type SetPriceIncrements,
  type SetReferencePrice,
  Sides,
  type SidesName,
  Sizing,
  type SizingName,
} from "./commands/command.ts";
export { decodeCommand, encodeCommand, writeCommand } from "./commands/command-codec.ts";
export { CommandKind } from "./commands/command-layout.ts";
export {
  type Conditions,
  Peg,
  type PegName,
  PostOnly,
  type PostOnlyName,
  SelfTrade,
  type SelfTradeName,
  Trigger,
  type TriggerName,
  TriggerOn,
  type TriggerOnName,
} from "./conditions/conditions.ts";
export { DoneReason, type DoneReasonName, doneReasonName } from "./done-reason.ts";
export { type BookLevel, Engine, type EngineOptions, type RestingOrder } from "./engine.ts";
export type { EngineHandler } from "./engine-handler.ts";
export { decodeEvent } from "./events/decode-event.ts";
export type {
  Accepted,
  Activated,
  AllocationSet,
  Amended,
  CancelAllAfterSet,
  Done,
  EngineEvent,
  Indicative,
  LevelChanged,
  ListAccepted,
  MarketAdded,
  MarketChanged,
  MarkPriceSet,
  OrdersCancelled,
  Pending,
  PhaseChanged,
  Prevented,
  PriceIncrementsSet,
  Reduced,
  ReferencePriceSet,
  Rejected,
  Repegged,
  TimeAdvanced,
  Trade,
  Triggered,
} from "./events/event.ts";
export { EventKind } from "./events/event-layout.ts";
export { EventRegister } from "./events/event-register.ts";
export {
  type FeedOrder,
  type OrderChanged,
  OrderFeed,
  type OrderFeedMessage,
  type OrderFeedState,
  type OrderGone,
  type OrderShown,
} from "./feeds/order-feed.ts";
export { type TopOfBook, TopOfBookFeed, topOfBook } from "./feeds/top-of-book.ts";
export { InvariantViolation, invariant } from "./invariant.ts";
export type { ChangeableRules } from "./memory/market-table.ts";
export type { OpenOrder } from "./open-order.ts";
export type { Capacity } from "./order-books.ts";
export { OrderType, type OrderTypeName, orderTypeName } from "./order-type.ts";
export { Phase, type PhaseName, phaseName } from "./phases/phase.ts";
export type { Uncrossing } from "./phases/uncrossing-price.ts";
export { OnBreach, type OnBreachName, type Protection } from "./protection/protection.ts";
export {
  MAX_RECORD_LENGTH,
  type RecordViews,
  RecordWriter,
  recordKind,
  recordLength,
  recordSecond,
  recordVersion,
  recordViews,
  writeHeader,
} from "./record.ts";
export {
  FIRST_ADMISSION_CODE,
  REJECTIONS,
  type Rejection,
  type RejectionCode,
  rejectionCode,
} from "./rejection.ts";
export { Side, type SideName, sideName } from "./side.ts";
export { TimeInForce, type TimeInForceName, timeInForceName } from "./time-in-force.ts";
