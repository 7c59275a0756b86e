/** How many orders each account has in the markets that limit that: only these are counted. */
export class OpenOrderCounts {
  /** By the row of the market, then by account. */
  private readonly byRow: Map<number, Map<number, number>> = new Map();

  /** From now on a market's orders are counted; these accounts have one there already, each as often as it is named. */
  watch(row: number, accounts: readonly number[]): void {
    this.byRow.set(row, new Map());
    for (const account of accounts) this.change(row, account, 1);
  }

  unwatch(row: number): void {
    this.byRow.delete(row);
  }

  /** An account has an order more, or one less. */
  change(row: number, account: number, by: number): void {
    const counts = this.byRow.get(row);
    if (counts === undefined) return;
    const count = (counts.get(account) ?? 0) + by;
    if (count === 0) counts.delete(account);
    else counts.set(account, count);
  }

  /** 0 in a market that isn't watched. */
  count(row: number, account: number): number {
    return this.byRow.get(row)?.get(account) ?? 0;
  }
}
