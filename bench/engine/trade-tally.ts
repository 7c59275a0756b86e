/**
 * What a contestant has traded: how often, how many lots, and a checksum that two contestants share only if they traded
 * the same orders at the same prices and quantities in the same sequence.
 */
export class TradeTally {
  trades = 0;
  /** Lots. */
  volume = 0;
  // Not a `#` name: it is used four times a trade, and costs more in V8 of Node 20.
  private hash: number = 0x811c9dc5 | 0;

  /** Order ids are the workload's; price in ticks, quantity in lots. */
  trade(makerId: number, takerId: number, price: number, quantity: number): void {
    this.trades += 1;
    this.volume += quantity;
    let hash = mixed(this.hash, makerId);
    hash = mixed(hash, takerId);
    hash = mixed(hash, price);
    this.hash = mixed(hash, quantity);
  }

  /** Eight hexadecimal digits. */
  get checksum(): string {
    return (this.hash >>> 0).toString(16).padStart(8, "0");
  }
}

const mixed = (hash: number, word: number): number => {
  const product = Math.imul(hash ^ word, 0x85ebca6b);
  return product ^ (product >>> 13);
};
