import { Allocation, type AllocationRule } from "../allocation/allocation.ts";
import { REJECTIONS } from "../rejection.ts";
import { isCount } from "../whole-number.ts";

/** The number of the first rule that a market's choice of allocation breaks; 0 if it breaks none. */
export const brokenAllocationRule = (rule: AllocationRule, maxQuantity: number): number => {
  const { allocation, minimumShare, fifoPercent } = rule;
  if (allocation !== Allocation.price_time && allocation !== Allocation.pro_rata)
    return REJECTIONS.allocation_unknown.number;
  const isShared = allocation === Allocation.pro_rata;
  if (!isCount(minimumShare) || minimumShare > (isShared ? maxQuantity : 0))
    return REJECTIONS.minimum_share_out_of_range.number;
  if (fifoPercent < 0 || fifoPercent > (isShared ? 100 : 0))
    return REJECTIONS.fifo_percent_out_of_range.number;
  if (!isCount(rule.topOrderMaximum) || rule.topOrderMaximum > (isShared ? maxQuantity : 0))
    return REJECTIONS.top_order_maximum_out_of_range.number;
  if (rule.leadAccount < 0 || (rule.leadAccount > 0 && !isShared))
    return REJECTIONS.lead_account_out_of_range.number;
  if (rule.leadPercent < 0 || rule.leadPercent > (rule.leadAccount > 0 ? 100 : 0))
    return REJECTIONS.lead_percent_out_of_range.number;
  return 0;
};
