/** What an account has of an asset, in smallest units. */
export interface BalanceView {
  readonly asset: number;
  readonly balance: bigint;
  /** What open orders and withdrawals reserve. */
  readonly held: bigint;
  /** What of it withdrawals reserve. */
  readonly withdrawing: bigint;
  /** Balance minus held. */
  readonly available: bigint;
}
