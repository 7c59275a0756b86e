/** What an account has of an asset, in smallest units. */
export interface BalanceView {
  readonly asset: number;
  readonly balance: bigint;
  /** What its open orders reserve. */
  readonly held: bigint;
  /** Balance minus held. */
  readonly available: bigint;
}
