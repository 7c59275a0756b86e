import type { AddMarket, SetAllocation } from "../../commands/command.ts";
import type { Code } from "./placement-rules.ts";

/** How a market shares the lots of a level. */
export type Allocation = Omit<SetAllocation, "kind" | "market">;

export const BY_TIME: Allocation = { allocation: "price_time", minimumShare: 0, fifoPercent: 0 };

/** The first rule that a choice breaks. */
export const brokenAllocationRule = (
  {
    allocation,
    minimumShare,
    fifoPercent,
    topOrderMaximum = 0,
    leadAccount = 0,
    leadPercent = 0,
  }: Allocation,
  { maxQuantity }: AddMarket,
): Code | undefined => {
  const isProRata = allocation === "pro_rata";
  const isFrom0To = (most: number, value: number): boolean =>
    Number.isSafeInteger(value) && value >= 0 && value <= (isProRata ? most : 0);
  if (!isFrom0To(maxQuantity, minimumShare)) return "minimum_share_out_of_range";
  if (!isFrom0To(100, fifoPercent)) return "fifo_percent_out_of_range";
  if (!isFrom0To(maxQuantity, topOrderMaximum)) return "top_order_maximum_out_of_range";
  if (!isFrom0To(2 ** 31 - 1, leadAccount)) return "lead_account_out_of_range";
  if (!isFrom0To(leadAccount === 0 ? 0 : 100, leadPercent)) return "lead_percent_out_of_range";
  return undefined;
};

/** What an order of a level has to give. */
export interface Shown {
  readonly account: number;
  /** Lots. */
  readonly lots: number;
}

/** What each order of a level gives, pro rata: `there` is what each shows, first come first. */
export const sharesOf = (
  wanted: number,
  there: readonly Shown[],
  allocation: Allocation,
  quantityIncrement: number,
): number[] => {
  const { topOrderMaximum = 0, leadAccount = 0, leadPercent = 0 } = allocation;
  const { fifoPercent, minimumShare } = allocation;
  const unit = BigInt(quantityIncrement);
  const whole = (lots: bigint): bigint => lots - (lots % unit);
  const shown = there.map(({ lots }) => BigInt(lots));
  /** Lots that each order gives. */
  let given = shown.map(() => 0n);
  /** Lots that are still to be shared. */
  let left = lower(BigInt(wanted), sum(shown));
  const restOf = (index: number): bigint => (shown[index] ?? 0n) - (given[index] ?? 0n);
  const give = (shares: readonly bigint[]): void => {
    given = given.map((lots, index) => lots + (shares[index] ?? 0n));
    left -= sum(shares);
  };
  const giveByTime = (lots: bigint, gives: (index: number) => boolean): void => {
    give(
      sharedByTime(
        lots,
        shown.map((_, index) => (gives(index) ? restOf(index) : 0n)),
      ),
    );
  };

  giveByTime(whole(lower(BigInt(topOrderMaximum), left)), (index) => index === 0);
  giveByTime(
    whole((left * BigInt(leadPercent)) / 100n),
    (index) => leadAccount !== 0 && there[index]?.account === leadAccount,
  );
  giveByTime(whole((left * BigInt(fifoPercent)) / 100n), () => true);
  const rests = shown.map((_, index) => restOf(index));
  give(
    rests.map((rest) => {
      const share = rest === 0n ? 0n : whole((left * rest) / sum(rests));
      return share < BigInt(minimumShare) ? 0n : share;
    }),
  );
  giveByTime(left, () => true);
  return given.map(Number);
};

const sharedByTime = (lots: bigint, there: readonly bigint[]): bigint[] => {
  let left = lots;
  return there.map((had) => {
    const share = lower(had, left);
    left -= share;
    return share;
  });
};

const sum = (all: readonly bigint[]): bigint => all.reduce((total, lots) => total + lots, 0n);
const lower = (one: bigint, other: bigint): bigint => (one < other ? one : other);
