/** The open orders that have a name of their owner's. */
export class ClientOrderIds {
  /** The slot of each, by account and name. */
  private readonly byAccount: Map<number, Map<number, number>> = new Map();

  /** The slot of the account's order with the name; 0 if none is open. */
  find(account: number, clientOrderId: number): number {
    return this.byAccount.get(account)?.get(clientOrderId) ?? 0;
  }

  add(account: number, clientOrderId: number, slot: number): void {
    const slots = this.byAccount.get(account) ?? new Map<number, number>();
    slots.set(clientOrderId, slot);
    this.byAccount.set(account, slots);
  }

  remove(account: number, clientOrderId: number): void {
    const slots = this.byAccount.get(account);
    slots?.delete(clientOrderId);
    if (slots?.size === 0) this.byAccount.delete(account);
  }
}
