/** What a market allows at a time, as records have it. The matching rules have the table. */
export const Phase = {
  open: 0,
  pre_open: 1,
  auction: 2,
  halted: 3,
  cancel_only: 4,
  post_only: 5,
  closed: 6,
  delisted: 7,
  closing_auction: 8,
} as const;
export type Phase = (typeof Phase)[keyof typeof Phase];

/** A phase as people say it. */
export type PhaseName = keyof typeof Phase;

const names = Object.keys(Phase) as PhaseName[];

/** The name of a phase's code. */
export const phaseName = (phase: number): PhaseName => {
  const name = names[phase];
  if (name === undefined) throw new RangeError(`expected a phase, 0 to 8, was ${phase}`);
  return name;
};
