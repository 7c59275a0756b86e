import type { AccountStatus } from "@pincex/ledger";

/** By their numbers in records and snapshots. */
const STATUSES: readonly AccountStatus[] = ["open", "frozen", "closed"];

export const accountStatusNumber = (status: AccountStatus): number => {
  const number = STATUSES.indexOf(status);
  if (number < 0) throw new RangeError(`expected an account's status, was ${status}`);
  return number;
};

export const accountStatusOf = (number: number): AccountStatus => {
  const status = STATUSES[number];
  if (status === undefined) {
    throw new RangeError(`expected an account's status, was number ${number}`);
  }
  return status;
};
