// What @pincex/engine offers: the engine, what it is told and what it says, and the records both are written in.
export { type Admission, admitsEveryone } from "./admission.ts";
export {
  type AddMarket,
  type Cancel,
  CommandKind,
  decodeCommand,
  type EngineCommand,
  encodeCommand,
  type Place,
  writeCommand,
} from "./command.ts";
export { DoneReason, type DoneReasonName, doneReasonName } from "./done-reason.ts";
export { type BookLevel, Engine, type EngineOptions, type RestingOrder } from "./engine.ts";
export type { EngineHandler } from "./engine-handler.ts";
export {
  type Accepted,
  type Done,
  decodeEvent,
  type EngineEvent,
  EventKind,
  type LevelChanged,
  type MarketAdded,
  type Rejected,
  type Trade,
} from "./event.ts";
export { EventRegister } from "./event-register.ts";
export { fingerprint } from "./fingerprint.ts";
export { InvariantViolation, invariant } from "./invariant.ts";
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
