import type { AccountContext } from "../account-context.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Client } from "./client.ts";

/** A wrong password leaves a line in the audit log, whoever typed it. */
export const recordRefusal = (
  context: AccountContext,
  user: string | undefined,
  client: Client,
  reason: string,
): Promise<void> =>
  inTransaction(context, (transaction) =>
    context.audit.record(transaction, {
      actor: "anonymous",
      action: "sign_in.refused",
      subject: user,
      outcome: "refused",
      reason,
      address: client.address,
    }),
  );
