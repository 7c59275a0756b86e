/**
 * What happens to the part of an order that does not trade at once: it rests until it is cancelled (`gtc`), until a time
 * (`gtd`) or until the market closes (`day`); it is dropped (`ioc`); or nothing trades at all (`fok`). Two are for one auction
 * only: the opening one (`at_open`) and the closing one (`at_close`).
 */
export const TimeInForce = {
  gtc: 0,
  ioc: 1,
  fok: 2,
  gtd: 3,
  day: 4,
  at_open: 5,
  at_close: 6,
} as const;
export type TimeInForce = (typeof TimeInForce)[keyof typeof TimeInForce];

/** A time in force as people say it. */
export type TimeInForceName = keyof typeof TimeInForce;

const names = Object.keys(TimeInForce) as TimeInForceName[];

/** The name of a time in force's code. */
export const timeInForceName = (timeInForce: number): TimeInForceName => {
  const name = names[timeInForce];
  if (name === undefined) {
    throw new RangeError(`expected a time in force, 0 to 6, was ${timeInForce}`);
  }
  return name;
};
