/** The database has `fsync` off: what it acknowledges is gone after a power cut, so it must not be the only copy of money. */
export class DatabaseNotDurable extends Error {
  override readonly name = "DatabaseNotDurable";
  readonly code = "database_not_durable";

  constructor() {
    super(
      "expected a database that waits for its disk, was one with fsync = off: a journal there would not survive a power cut",
    );
  }
}
