/** The accounts of a part of the books: their numbers in the ledger, and in the part, where the nth is n. */
export class AccountNumbers {
  readonly #inLedger: number[];
  readonly #inPart: Map<number, number>;
  readonly #unknown: Map<number, number> = new Map();
  readonly #unknownNumbers: number[] = [];

  constructor(accounts: readonly number[]) {
    this.#inLedger = [...accounts];
    this.#inPart = new Map(accounts.map((account, index) => [account, index + 1]));
  }

  /** Whether the account is in the part. */
  has(account: number): boolean {
    return this.#inPart.has(account);
  }

  /** The number in the part; one below zero, which no account has, if it isn't there. */
  inPart(account: number): number {
    return this.#inPart.get(account) ?? this.#unknownNumber(account);
  }

  inLedger(account: number): number {
    if (account > 0) return this.#inLedger[account - 1] as number;
    return this.#unknownNumbers[-account - 1] ?? account;
  }

  /** The part has got an account more, which is the last one. It is unknown to commands that were on their way by then. */
  add(account: number): void {
    this.#inLedger.push(account);
  }

  #unknownNumber(account: number): number {
    const known = this.#unknown.get(account);
    if (known !== undefined) return known;
    this.#unknownNumbers.push(account);
    const number = -this.#unknownNumbers.length;
    this.#unknown.set(account, number);
    return number;
  }
}
