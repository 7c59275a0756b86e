import { type Account, Books, type Entry, type EntryRequest } from "@pincex/ledger";

const QUOTE = 1;
const BASE = 2;
const FUNDS = 10n ** 17n;

/** Books of so many traders, each with funds in both assets and an order's hold on either, and of one account of fees in each, or more. */
export class TradedBooks {
  readonly books: Books = new Books();
  readonly #traders: number;
  readonly #feeAccounts: number;

  constructor(traders: number, feeAccounts = 1) {
    this.#traders = traders;
    this.#feeAccounts = feeAccounts;
    this.#open("wallet", QUOTE, "custody");
    this.#open("wallet", BASE, "custody");
    for (let one = 0; one < feeAccounts; one++) {
      this.#open(`venue ${one}`, QUOTE, "fees");
      this.#open(`venue ${one}`, BASE, "fees");
    }
    for (let trader = 0; trader < traders; trader++) {
      this.#fund(1, this.#open(`trader ${trader}`, QUOTE, "customer"));
      this.#fund(2, this.#open(`trader ${trader}`, BASE, "customer"));
    }
  }

  /** The entry of the nth trade: two captures, six postings, anywhere among the traders. */
  request(n: number): EntryRequest {
    const first = 3 + 2 * this.#feeAccounts;
    const buyer = first + 2 * ((n * 7_919) % this.#traders);
    const seller = first + 2 * ((n * 104_729 + 1) % this.#traders);
    const fees = 3 + 2 * (n % this.#feeAccounts);
    const notional = BigInt(50_000_000 + (n & 1_023));
    const quantity = BigInt(100_000 + (n & 255));
    return {
      kind: "trade",
      at: 1_700_000_000_000 + n,
      postings: [
        { account: buyer, amount: -notional },
        { account: seller, amount: notional - 50_000n },
        { account: fees, amount: 50_000n },
        { account: seller + 1, amount: -quantity },
        { account: buyer + 1, amount: quantity - 100n },
        { account: fees + 1, amount: 100n },
      ],
      captures: [
        { hold: buyer, amount: notional },
        { hold: seller + 1, amount: quantity },
      ],
    };
  }

  trade(n: number): Entry {
    const posted = this.books.post(this.request(n));
    if (!posted.ok) throw new Error(posted.code);
    return posted.entry;
  }

  apply(n: number): void {
    const applied = this.books.apply(this.request(n));
    if (!applied.ok) throw new Error(applied.code);
  }

  #open(owner: string, asset: number, kind: Account["kind"]): number {
    const opened = this.books.openAccount({ owner, asset, kind });
    if (!opened.ok) throw new Error(opened.code);
    return opened.account;
  }

  #fund(wallet: number, account: number): void {
    const postings = [
      { account: wallet, amount: -FUNDS },
      { account, amount: FUNDS },
    ];
    this.books.post({ kind: "deposit", at: 0, postings });
    this.books.hold({ id: account, account, amount: (FUNDS * 9n) / 10n, kind: "order" });
  }
}

export const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
