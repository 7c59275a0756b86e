import type { Posted } from "../../books.ts";
import type { Refusal } from "../../refusal.ts";
import type { LedgerStore } from "../index.ts";

/** Accounts of customers: 2 to this. Account 1 is the wallet. */
const LAST_CUSTOMER = 20;
const CALLERS = 48;

/** The wallet and its customers, each of whom has a million. */
export const fundCustomers = async (store: LedgerStore<unknown>): Promise<void> => {
  await store.openAccount({ owner: "hot", asset: 1, kind: "custody" });
  for (let customer = 2; customer <= LAST_CUSTOMER; customer++) {
    await store.openAccount({ owner: `customer ${customer}`, asset: 1, kind: "customer" });
    const postings = [
      { account: 1, amount: -1_000_000n },
      { account: customer, amount: 1_000_000n },
    ];
    await store.post({ kind: "deposit", at: 0, postings });
  }
};

/** The nth payment, which is the same whoever makes it, and how often. */
export const pay = async (store: LedgerStore<unknown>, n: number): Promise<Posted | Refusal> => {
  const from = 2 + (n % (LAST_CUSTOMER - 1));
  const to = 2 + ((n * 7 + 3) % (LAST_CUSTOMER - 1));
  const held = await store.hold({ id: n, account: from, amount: 2n, kind: "withdrawal" });
  return store.post({
    kind: "payment",
    at: n,
    key: `payment ${n}`,
    postings: [
      { account: from, amount: -2n },
      { account: to, amount: 2n },
    ],
    // Where it was held before and captured, too, the key answers first.
    captures: held.ok || held.code === "hold_already_open" ? [{ hold: n, amount: 2n }] : [],
  });
};

/** Payments from one on, many at a time, until told to stop. Whoever fails goes on with the next one. */
export const makePayments = async (
  from: number,
  payNth: (n: number) => Promise<void>,
  isOver: () => boolean,
): Promise<void> => {
  let next = from;
  const caller = async (): Promise<void> => {
    while (!isOver()) await payNth(next++);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
};
