/** Which side of the book an order is on, as records have it. */
export const Side = { buy: 0, sell: 1 } as const;
export type Side = (typeof Side)[keyof typeof Side];

/** A side as people say it. */
export type SideName = keyof typeof Side;

const names: readonly SideName[] = ["buy", "sell"];

/** The name of a side's code. */
export const sideName = (side: number): SideName => {
  const name = names[side];
  if (name === undefined) throw new RangeError(`expected a side, 0 or 1, was ${side}`);
  return name;
};
