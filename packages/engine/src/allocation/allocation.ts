import { nameOf } from "../named-code.ts";

/** How a market shares the lots that an order takes from one price level among the orders there, as records have it. */
export const Allocation = { price_time: 0, pro_rata: 1 } as const;

/** An allocation as people say it. */
export type AllocationName = keyof typeof Allocation;

/** The name of an allocation's code. */
export const allocationName = (allocation: number): AllocationName =>
  nameOf(Allocation, allocation, "allocation");

/** A market's choice. */
export interface AllocationRule {
  /** One of `Allocation`. */
  readonly allocation: number;
  /** Lots: smaller pro-rata shares are 0. */
  readonly minimumShare: number;
  /** 0 to 100: this part of a level's lots goes by time before the rest is shared. */
  readonly fifoPercent: number;
  /** Lots that the order at the front of the queue gets first. */
  readonly topOrderMaximum: number;
  /** The lead market maker; 0: nobody. */
  readonly leadAccount: number;
  /** 0 to 100: this part of a level's lots goes to the lead market maker's orders, after the front one's and before all others'. */
  readonly leadPercent: number;
}

/** What a market has that has made no choice. */
export const BY_TIME: AllocationRule = {
  allocation: Allocation.price_time,
  minimumShare: 0,
  fifoPercent: 0,
  topOrderMaximum: 0,
  leadAccount: 0,
  leadPercent: 0,
};
