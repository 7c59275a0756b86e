import type { EventRegister } from "./events/event-register.ts";

/** Hears every event, in order, while its command is being processed. It must not call the engine, and the register is only its own until it returns. */
export interface EngineHandler {
  event(event: EventRegister): void;
}
