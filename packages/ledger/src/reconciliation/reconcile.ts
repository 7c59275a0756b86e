import type { AccountStatement } from "../export/account-statement.ts";
import type { StatementLine } from "../statement-line.ts";
import type { OutsideLine } from "./outside-statement.ts";

/** A movement as our books have it. Smallest units; positive is money that came in outside. */
export interface OurLine {
  /** The number of the entry. */
  readonly entry: number;
  readonly reference: string;
  readonly amount: bigint;
  readonly at: number;
}

/** What became of a line, or of two that belong together. */
export type ReconciledLine =
  | {
      readonly what: "matched";
      readonly ours: OurLine;
      readonly theirs: OutsideLine;
      readonly ageDays: number;
    }
  /** They have it and we don't. */
  | { readonly what: "missing_here"; readonly theirs: OutsideLine; readonly ageDays: number }
  /** We have it and they don't. */
  | { readonly what: "missing_there"; readonly ours: OurLine; readonly ageDays: number }
  /** The same reference stands for another amount. */
  | {
      readonly what: "amount_differs";
      readonly ours: OurLine;
      readonly theirs: OutsideLine;
      /** Theirs less ours. */
      readonly difference: bigint;
      readonly ageDays: number;
    };

/** How old what isn't matched is: the number of lines, and what they add up to regardless of sign. */
export interface AgeingBucket {
  /** From this age in whole days up to that of the next bucket. */
  readonly fromDays: number;
  readonly lines: number;
  readonly amount: bigint;
}

export interface Reconciliation {
  /** Whether everything was matched. */
  readonly ok: boolean;
  /** Oldest first. */
  readonly lines: readonly ReconciledLine[];
  readonly ageing: readonly AgeingBucket[];
  /** All of theirs less all of ours. */
  readonly difference: bigint;
}

export interface ReconcileOptions {
  /** Now, in milliseconds since 1970-01-01 UTC: what age is counted from. */
  readonly asOf: number;
  /**
   * Lines of which one has no reference are matched if they have the same amount and are at most so many days apart, the nearest
   * first. Never, unless told otherwise.
   */
  readonly withinDays?: number;
  /** Where the buckets of age begin: 0, 1, 7, 30 and 90 days unless told otherwise. Ascending, from 0. */
  readonly buckets?: readonly number[];
}

const DAY = 86_400_000;

/**
 * Puts our lines beside theirs.
 *
 * Lines with the same reference belong together: first those of the same amount, each with one other, then the rest in order of
 * time, which differ. What has no partner is missing on one side. An age counts whole days since the older line of the two.
 *
 * @example
 * const { ok, lines } = reconcile(custodyLines(statement), bank.lines, { asOf: Date.now() });
 */
export const reconcile = (
  ours: readonly OurLine[],
  theirs: readonly OutsideLine[],
  { asOf, withinDays = -1, buckets = [0, 1, 7, 30, 90] }: ReconcileOptions,
): Reconciliation => {
  const open = { ours: new Set(byTime(ours)), theirs: new Set(byTime(theirs)) };
  const pairs: [OurLine, OutsideLine][] = [
    ...pairUp(
      open,
      (line) => line.reference && `${line.reference.length}:${line.reference}${line.amount}`,
    ),
    ...pairUp(open, (line) => line.reference),
    ...pairByAmount(open, withinDays * DAY),
  ];
  const ageDays = (at: number): number => Math.max(0, Math.floor((asOf - at) / DAY));
  const lines: ReconciledLine[] = [
    ...pairs.map(([our, their]) => compared(our, their, ageDays(Math.min(our.at, their.at)))),
    ...[...open.theirs].map(
      (their): ReconciledLine => ({
        what: "missing_here",
        theirs: their,
        ageDays: ageDays(their.at),
      }),
    ),
    ...[...open.ours].map(
      (our): ReconciledLine => ({ what: "missing_there", ours: our, ageDays: ageDays(our.at) }),
    ),
  ];
  lines.sort((one, other) => beginning(one) - beginning(other));
  return {
    ok: lines.every(({ what }) => what === "matched"),
    lines,
    ageing: ageingOf(lines, buckets),
    difference: total(theirs) - total(ours),
  };
};

/**
 * The lines of a custody account's statement as the outside sees them: what our books debit has come in there, so the sign changes.
 *
 * The reference is the entry's key unless told otherwise.
 */
export const custodyLines = (
  statement: AccountStatement,
  reference: (line: StatementLine) => string = ({ key }) => key,
): OurLine[] =>
  statement.lines.map((line) => ({
    entry: line.entry,
    reference: reference(line),
    amount: -line.amount,
    at: line[statement.by],
  }));

interface Open {
  readonly ours: Set<OurLine>;
  readonly theirs: Set<OutsideLine>;
}

/** Takes those that have the same name, one of ours with one of theirs, out of what is open. */
const pairUp = (
  open: Open,
  nameOf: (line: OurLine | OutsideLine) => string,
): [OurLine, OutsideLine][] => {
  const waiting = groupedBy(open.ours, nameOf);
  waiting.delete("");
  const pairs: [OurLine, OutsideLine][] = [];
  for (const their of open.theirs) {
    const our = waiting.get(nameOf(their))?.shift();
    if (our !== undefined) pairs.push([our, their]);
  }
  return taken(open, pairs);
};

const pairByAmount = (open: Open, within: number): [OurLine, OutsideLine][] => {
  const ofAmount = groupedBy(open.ours, ({ amount }) => amount);
  const candidates = [...open.theirs].flatMap((their) =>
    (ofAmount.get(their.amount) ?? [])
      .filter((our) => isPossible(our, their) && distance(our, their) <= within)
      .map((our): [OurLine, OutsideLine] => [our, their]),
  );
  candidates.sort(
    ([our, their], [other, others]) => distance(our, their) - distance(other, others),
  );
  const used = new Set<OurLine | OutsideLine>();
  const pairs = candidates.filter(([our, their]) => {
    if (used.has(our) || used.has(their)) return false;
    used.add(our).add(their);
    return true;
  });
  return taken(open, pairs);
};

const groupedBy = <Line, Key>(
  lines: Iterable<Line>,
  keyOf: (line: Line) => Key,
): Map<Key, Line[]> => {
  const groups = new Map<Key, Line[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return groups;
};

/** Two references that differ speak against it. */
const isPossible = (our: OurLine, their: OutsideLine): boolean =>
  our.reference === "" || their.reference === "";

const distance = (our: OurLine, their: OutsideLine): number => Math.abs(our.at - their.at);

const taken = (open: Open, pairs: [OurLine, OutsideLine][]): [OurLine, OutsideLine][] => {
  for (const [our, their] of pairs) {
    open.ours.delete(our);
    open.theirs.delete(their);
  }
  return pairs;
};

const compared = (ours: OurLine, theirs: OutsideLine, ageDays: number): ReconciledLine => {
  const difference = theirs.amount - ours.amount;
  if (difference === 0n) return { what: "matched", ours, theirs, ageDays };
  return { what: "amount_differs", ours, theirs, difference, ageDays };
};

const ageingOf = (lines: readonly ReconciledLine[], buckets: readonly number[]): AgeingBucket[] => {
  const isAscending = buckets.every((days, index) => days > (buckets[index - 1] ?? -1));
  if (buckets[0] !== 0 || !isAscending) {
    throw new RangeError(`expected buckets that ascend from 0, was ${buckets}`);
  }
  return buckets.map((fromDays, index) => {
    const end = buckets[index + 1] ?? Number.POSITIVE_INFINITY;
    const within = lines.filter(
      ({ what, ageDays }) => what !== "matched" && ageDays >= fromDays && ageDays < end,
    );
    const amount = within.reduce((sum, line) => sum + magnitude(openAmount(line)), 0n);
    return { fromDays, lines: within.length, amount };
  });
};

const openAmount = (line: ReconciledLine): bigint => {
  if (line.what === "amount_differs") return line.difference;
  return line.what === "missing_there" ? line.ours.amount : line.theirs.amount;
};

const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

const beginning = (line: ReconciledLine): number => {
  if (line.what === "missing_here") return line.theirs.at;
  if (line.what === "missing_there") return line.ours.at;
  return Math.min(line.ours.at, line.theirs.at);
};

const byTime = <Line extends { readonly at: number }>(lines: readonly Line[]): Line[] =>
  lines.toSorted((one, other) => one.at - other.at);

const total = (lines: readonly { readonly amount: bigint }[]): bigint =>
  lines.reduce((sum, { amount }) => sum + amount, 0n);
