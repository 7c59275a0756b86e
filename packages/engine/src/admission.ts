import type { EventRegister } from "./event-register.ts";

/**
 * Funding and other permissions. Asked whenever an order becomes live, with the `accepted` event that it would get; answers
 * 0 for yes, or a code of at least 1000, which the `rejected` event then carries. Must not call back into the engine.
 */
export interface Admission {
  admit(order: EventRegister): number;
}

/** What the engine does by itself: everyone may. */
export const admitsEveryone: Admission = { admit: () => 0 };
