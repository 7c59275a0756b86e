import * as fc from "fast-check";
import {
  ACCOUNT_BOUNDS,
  ACCOUNT_KINDS,
  ACCOUNT_STATUSES,
  type AccountOpening,
  type AccountStatus,
} from "../account.ts";
import type { Capture, EntryRequest, PostingRequest } from "../entry.ts";
import { HOLD_KINDS, type HoldRequest } from "../hold.ts";

/** One call of the books, by number of account, so that it means the same to both ledgers. */
export type LedgerStep =
  | { readonly step: "open"; readonly opening: AccountOpening }
  | { readonly step: "status"; readonly account: number; readonly status: AccountStatus }
  | { readonly step: "post"; readonly entry: EntryRequest }
  | { readonly step: "linked"; readonly entries: readonly EntryRequest[] }
  | { readonly step: "hold"; readonly hold: HoldRequest }
  | { readonly step: "reduce"; readonly id: number; readonly to: bigint }
  | { readonly step: "release"; readonly id: number; readonly amount?: bigint }
  | { readonly step: "expire"; readonly at: number }
  | { readonly step: "forget"; readonly at: number };

/** Accounts that are opened first, so that steps find something: number = index + 1. */
export const OPENED: readonly AccountOpening[] = [
  { owner: "hot", asset: 1, kind: "custody" },
  { owner: "hot", asset: 2, kind: "custody" },
  { owner: "alice", asset: 1, kind: "customer" },
  { owner: "alice", asset: 2, kind: "customer" },
  { owner: "bob", asset: 1, kind: "customer" },
  { owner: "bob", asset: 2, kind: "customer" },
  { owner: "venue", asset: 1, kind: "fees" },
  { owner: "venue", asset: 2, kind: "fees" },
  { owner: "venue", asset: 1, kind: "house" },
  { owner: "venue", asset: 1, kind: "suspense" },
  { owner: "alice", sub: "savings", asset: 1, kind: "customer" },
  { owner: "venue", asset: 1, kind: "rebates", bound: "never_above_zero" },
  { owner: "hot", asset: 1, kind: "custody", place: "cold" },
  { owner: "venue", asset: 1, kind: "rounding" },
];

const inAsset = (asset: number): number[] =>
  OPENED.flatMap((opening, index) => (opening.asset === asset ? [index + 1] : []));

const ROUNDING = OPENED.findIndex(({ kind }) => kind === "rounding") + 1;

const customersIn = (asset: number): number[] =>
  inAsset(asset).filter((account) => OPENED[account - 1]?.kind === "customer");

/** Small ones that meet each other, and those at the edges of 64 bits, of doubles and of the range. */
const edges = [
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n,
  2n ** 126n,
  2n ** 127n - 1n,
  2n ** 127n,
];
const amounts = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt({ min: 1n, max: 30n }) },
  { weight: 2, arbitrary: fc.constantFrom(...edges) },
);

const asset = fc.constantFrom(1, 2);
const holdId = fc.integer({ min: 1, max: 6 });
/** 0 is never an open hold. */
const anyHoldId = fc.integer({ min: 0, max: 6 });
const time = fc.integer({ min: 0, max: 40 });
const keys = fc.constantFrom("", "", "", "a", "b", "c");

/** Money comes in, leaves, or moves between two accounts of an asset. */
const transfer = asset.chain((one) =>
  fc
    .tuple(fc.constantFrom(...inAsset(one)), fc.constantFrom(...inAsset(one)), amounts)
    .map(([from, to, amount]): PostingRequest[] => [
      { account: from, amount: -amount },
      { account: to, amount },
    ]),
);

const deposit = asset.chain((one) =>
  fc
    .tuple(fc.constantFrom(...customersIn(one)), fc.bigInt({ min: 20n, max: 200n }))
    .map(([to, amount]): PostingRequest[] => [
      { account: one, amount: -amount },
      { account: to, amount },
    ]),
);

/** A buys base (asset 2) with quote (asset 1) from B, each pays a fee from what it receives. */
const trade = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 1n, max: 20n }),
    fc.bigInt({ min: 1n, max: 20n }),
    // What rounding left over, and sometimes what it can't have.
    fc.constantFrom(0n, 0n, 0n, 1n, 1n, -1n, 2n, 3n, -3n),
  )
  .map(([aliceBuys, quote, base, dust]): PostingRequest[] => {
    const [buyerQuote, buyerBase, sellerQuote, sellerBase] = aliceBuys
      ? [3, 4, 5, 6]
      : [5, 6, 3, 4];
    return [
      { account: buyerQuote, amount: -quote - dust },
      { account: sellerQuote, amount: quote },
      { account: sellerBase, amount: -base },
      { account: buyerBase, amount: base },
      ...(dust === 0n ? [] : [{ account: ROUNDING, amount: dust }]),
    ];
  });

/** Whatever: accounts that aren't there, zeros, entries that don't balance. */
const nonsense = fc.array(
  fc.record({
    account: fc.integer({ min: -1, max: OPENED.length + 3 }),
    amount: fc.oneof(fc.bigInt({ min: -5n, max: 5n }), fc.constantFrom(...edges, -(2n ** 127n))),
  }),
  { maxLength: 5 },
);

const captures = fc.array(
  fc.record<Capture>({ hold: anyHoldId, amount: fc.oneof(amounts, fc.constant(0n)) }),
  { maxLength: 3 },
);

const entry = fc
  .record({
    kind: fc.constantFrom("deposit", "trade", "transfer", ""),
    at: time,
    bookedAt: fc.option(time, { nil: undefined }),
    key: keys,
    memo: fc.constantFrom("", "", "", "für Zoë 🪙", "half \ud83e", "nul \0"),
    corrects: fc.constantFrom(0, 0, 0, 1, 2, 50),
    postings: fc.oneof(
      { weight: 4, arbitrary: deposit },
      { weight: 4, arbitrary: trade },
      { weight: 4, arbitrary: transfer },
      { weight: 1, arbitrary: nonsense },
    ),
    captures: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: captures },
    ),
  })
  .map(
    ({ bookedAt, ...request }): EntryRequest =>
      bookedAt === undefined ? request : { ...request, bookedAt },
  );

const opening = fc.record<AccountOpening>(
  {
    owner: fc.constantFrom("alice", "carol", "dora", "", "Ωmega", "x".repeat(256)),
    sub: fc.constantFrom("", "", "savings", "nul \0", "x".repeat(65)),
    asset: fc.integer({ min: 1, max: 3 }),
    kind: fc.constantFrom(...ACCOUNT_KINDS),
    place: fc.constantFrom("", "", "", "hot", "x".repeat(65)),
    bound: fc.constantFrom(...ACCOUNT_BOUNDS),
  },
  { requiredKeys: ["owner", "asset", "kind"] },
);

/** Mostly open, so that flows go on. */
const statusStep = fc
  .tuple(
    fc.integer({ min: 0, max: OPENED.length + 2 }),
    fc.constantFrom<AccountStatus>("open", "open", ...ACCOUNT_STATUSES),
  )
  .map(([account, status]): LedgerStep => ({ step: "status", account, status }));

const holding = fc.record<HoldRequest>({
  id: holdId,
  account: fc.integer({ min: 0, max: OPENED.length + 2 }),
  amount: fc.oneof({ weight: 8, arbitrary: amounts }, { weight: 1, arbitrary: fc.constant(0n) }),
  kind: fc.constantFrom(...HOLD_KINDS),
  expiresAt: fc.oneof(fc.constant(0), time),
});

const oneStep: fc.Arbitrary<LedgerStep> = fc.oneof(
  { weight: 1, arbitrary: opening.map((one): LedgerStep => ({ step: "open", opening: one })) },
  { weight: 2, arbitrary: statusStep },
  { weight: 12, arbitrary: entry.map((one): LedgerStep => ({ step: "post", entry: one })) },
  {
    weight: 3,
    arbitrary: fc
      .array(entry, { maxLength: 4 })
      .map((entries): LedgerStep => ({ step: "linked", entries })),
  },
  { weight: 6, arbitrary: holding.map((one): LedgerStep => ({ step: "hold", hold: one })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(anyHoldId, fc.bigInt({ min: -1n, max: 30n }))
      .map(([id, to]): LedgerStep => ({ step: "reduce", id, to })),
  },
  { weight: 1, arbitrary: anyHoldId.map((id): LedgerStep => ({ step: "release", id })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyHoldId, fc.bigInt({ min: 0n, max: 20n }))
      .map(([id, amount]): LedgerStep => ({ step: "release", id, amount })),
  },
  { weight: 1, arbitrary: time.map((at): LedgerStep => ({ step: "expire", at })) },
  { weight: 1, arbitrary: time.map((at): LedgerStep => ({ step: "forget", at })) },
);

/** Money first, then anything. */
export const ledgerFlow: fc.Arbitrary<LedgerStep[]> = fc
  .tuple(
    fc.array(
      deposit.map(
        (postings): LedgerStep => ({ step: "post", entry: { kind: "deposit", at: 0, postings } }),
      ),
      { minLength: 2, maxLength: 6 },
    ),
    fc.array(oneStep, { maxLength: 40, size: "max" }),
  )
  .map(([deposits, steps]) => [
    ...OPENED.map((one): LedgerStep => ({ step: "open", opening: one })),
    ...deposits,
    ...steps,
  ]);
