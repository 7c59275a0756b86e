/** Whether a text may stand in the ledger as a reference. */
export const isReference = (reference: string): boolean => !/\p{Cc}/u.test(reference);
