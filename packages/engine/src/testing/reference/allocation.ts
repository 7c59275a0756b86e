import type { AddMarket, SetAllocation } from "../../commands/command.ts";
import type { Code } from "./placement-rules.ts";

/** How a market shares the lots of a level. */
export type Allocation = Pick<SetAllocation, "allocation" | "minimumShare" | "fifoPercent">;

export const BY_TIME: Allocation = { allocation: "price_time", minimumShare: 0, fifoPercent: 0 };

/** The first rule that a choice breaks. */
export const brokenAllocationRule = (
  { allocation, minimumShare, fifoPercent }: Allocation,
  { maxQuantity }: AddMarket,
): Code | undefined => {
  const isProRata = allocation === "pro_rata";
  const isShare = Number.isSafeInteger(minimumShare) && minimumShare >= 0;
  if (!isShare || minimumShare > (isProRata ? maxQuantity : 0)) return "minimum_share_out_of_range";
  if (fifoPercent < 0 || fifoPercent > (isProRata ? 100 : 0)) return "fifo_percent_out_of_range";
  return undefined;
};

/** What each order of a level gives, pro rata: `there` is what each shows, first come first. */
export const sharesOf = (
  wanted: number,
  there: readonly number[],
  { minimumShare, fifoPercent }: Allocation,
  quantityIncrement: number,
): number[] => {
  const unit = BigInt(quantityIncrement);
  const whole = (lots: bigint): bigint => lots - (lots % unit);
  const all = there.reduce((sum, lots) => sum + BigInt(lots), 0n);
  const shared = BigInt(wanted) < all ? BigInt(wanted) : all;

  const first = whole((shared * BigInt(fifoPercent)) / 100n);
  const early = giveByTime(first, there.map(BigInt));

  const left = there.map((lots, index) => BigInt(lots) - (early[index] ?? 0n));
  const proRata = left.map((lots) => {
    const share = all === first ? 0n : whole(((shared - first) * lots) / (all - first));
    return share < BigInt(minimumShare) ? 0n : share;
  });

  const given = proRata.reduce((sum, share) => sum + share, first);
  const late = giveByTime(
    shared - given,
    left.map((lots, index) => lots - (proRata[index] ?? 0n)),
  );
  return there.map((_, index) =>
    Number((early[index] ?? 0n) + (proRata[index] ?? 0n) + (late[index] ?? 0n)),
  );
};

const giveByTime = (lots: bigint, there: readonly bigint[]): bigint[] => {
  let left = lots;
  return there.map((had) => {
    const share = had < left ? had : left;
    left -= share;
    return share;
  });
};
