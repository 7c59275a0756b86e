import { type AccountOpening, CHART_OF_ACCOUNTS } from "../account.ts";
import { Books, type Posted } from "../books.ts";
import type { EntryRequest, PostingRequest } from "../entry.ts";
import type { Refusal } from "../refusal.ts";

/** Books whose accounts stories call by name: "alice", "bank", or any that a story opens. All in asset 1. */
export class StoryBooks {
  readonly books: Books = new Books();
  readonly #numbers: Map<string, number> = new Map();

  constructor() {
    this.open("bank", { kind: "custody" });
    this.open("alice");
    this.open("bob");
    this.open("fees", { kind: "fees" });
  }

  /** A customer's, unless told otherwise; its owner is the name. */
  open(name: string, opening: Partial<AccountOpening> = {}): number {
    const opened = this.books.openAccount({ owner: name, asset: 1, kind: "customer", ...opening });
    if (!opened.ok) throw new Error(opened.code);
    this.#numbers.set(name, opened.account);
    return opened.account;
  }

  /** 99 for a name that nobody has. */
  account(name: string): number {
    return this.#numbers.get(name) ?? 99;
  }

  /** "alice -500, bob +500" */
  entry(text: string, more: Partial<EntryRequest> = {}): EntryRequest {
    const postings = text.split(", ").map((posting): PostingRequest => {
      const [, name = "", amount = ""] = /^(.*) ([+-]\d+)$/.exec(posting) ?? [];
      return { account: this.account(name), amount: BigInt(amount) };
    });
    return { kind: "transfer", at: 1_000, postings, ...more };
  }

  post(text: string, more: Partial<EntryRequest> = {}): Posted | Refusal {
    return this.books.post(this.entry(text, more));
  }

  hold(id: number, name: string, amount: bigint, expiresAt = 0) {
    return this.books.hold({ id, account: this.account(name), amount, kind: "order", expiresAt });
  }

  /** "500 held 100" */
  figures(name: string): string {
    const account = this.account(name);
    return `${this.books.balance(account)} held ${this.books.held(account)}`;
  }
}

/** Every kind of the chart and its bound. */
export const KINDS_WITH_BOUNDS = Object.entries(CHART_OF_ACCOUNTS).map(
  ([kind, { bound }]) => [kind as AccountOpening["kind"], bound] as const,
);
