// What an auditor asks of a venue: whether all that it keeps follows from its journal.

export type { VerifiedSnapshots } from "./snapshot-check.ts";
export type { SqlBooksOptions } from "./sql-books.ts";
export type { VenueCheck, VenueCheckName, VenueFinding } from "./venue-check.ts";
export { type VerificationProgress, type VerifyVenueOptions, verifyVenue } from "./verify-venue.ts";
