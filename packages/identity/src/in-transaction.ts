import type { IdentityContext, IdentityTransaction } from "./identity-context.ts";

/**
 * Runs a use case's writes in one transaction: the host's, where the context's `db` is one already, otherwise one of their own.
 *
 * @example
 * // The user and what the host keeps of them, or neither.
 * await db.transaction().execute(async (transaction) => {
 *   await completeRegistration({ ...context, db: transaction }, input);
 *   await openAccounts(transaction);
 * });
 */
export const inTransaction = <Result>(
  { db }: Pick<IdentityContext, "db">,
  work: (transaction: IdentityTransaction) => Promise<Result>,
): Promise<Result> =>
  db.isTransaction ? work(db as IdentityTransaction) : db.transaction().execute(work);
