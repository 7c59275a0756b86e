/**
 * Why a balance is not what it was. `entry` is the number of the ledger's entry that moved money; where there is none, only what is reserved
 * has changed.
 */
export type BalanceCause =
  | {
      readonly kind: "fill";
      readonly entry: number;
      readonly tradeId: number;
      readonly orderId: number;
    }
  /** A trade was taken back. */
  | { readonly kind: "bust"; readonly entry: number; readonly tradeId: number }
  /** A deposit, a withdrawal that was settled, a transfer: `entryKind` is the ledger's word for it. */
  | { readonly kind: "entry"; readonly entry: number; readonly entryKind: string }
  /** The order reserves more, less or nothing. */
  | { readonly kind: "order"; readonly orderId: number }
  /** The withdrawal reserves, or does no more. */
  | { readonly kind: "withdrawal"; readonly withdrawal: number };

export const isSameCause = (one: BalanceCause, other: BalanceCause): boolean => {
  if (one.kind !== other.kind) return false;
  switch (one.kind) {
    case "order":
      return one.orderId === (other as typeof one).orderId;
    case "withdrawal":
      return one.withdrawal === (other as typeof one).withdrawal;
    case "fill":
      return (
        one.entry === (other as typeof one).entry && one.orderId === (other as typeof one).orderId
      );
    default:
      return one.entry === (other as typeof one).entry;
  }
};
