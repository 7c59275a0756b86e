// What @pincex/engine offers: the engine, what it is told and what it says, and the records both are written in.

export type { Admission } from "./admission.ts";
export type { AddMarket, Cancel, EngineCommand, Place, Reduce } from "./commands/command.ts";
export { decodeCommand, encodeCommand, writeCommand } from "./commands/command-codec.ts";
export { CommandKind } from "./commands/command-layout.ts";
export { DoneReason, type DoneReasonName, doneReasonName } from "./done-reason.ts";
export { type BookLevel, Engine, type EngineOptions, type RestingOrder } from "./engine.ts";
export type { EngineHandler } from "./engine-handler.ts";
export { decodeEvent } from "./events/decode-event.ts";
export type {
  Accepted,
  Done,
  EngineEvent,
  LevelChanged,
  MarketAdded,
  Reduced,
  Rejected,
  Trade,
} from "./events/event.ts";
export { EventKind } from "./events/event-layout.ts";
export { EventRegister } from "./events/event-register.ts";
export { InvariantViolation, invariant } from "./invariant.ts";
export type { Capacity } from "./order-books.ts";
export { OrderType, type OrderTypeName, orderTypeName } from "./order-type.ts";
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
