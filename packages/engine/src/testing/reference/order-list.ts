import type { ContingencyName, SizingName } from "../../commands/command.ts";

/** What the orders of one list have in common. */
export interface OrderList {
  /** Its first order's. */
  readonly listId: number;
  readonly contingency: ContingencyName;
  readonly sizing: SizingName;
  /** Lots that its working order has traded. */
  lots: number;
  /** Ticks × lots of these trades. */
  notional: number;
  /** Whether its pending orders are to be activated. */
  isDue: boolean;
}
