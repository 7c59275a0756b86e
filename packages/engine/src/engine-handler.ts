import type { EventRegister } from "./event-register.ts";

/** Hears every event, in order, while the command is being processed. Must not call back into the engine. */
export interface EngineHandler {
  event(event: EventRegister): void;
}
