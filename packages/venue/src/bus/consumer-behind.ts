/**
 * A consumer lacks commands whose events the bus has no more. It can't go on from where it is: it has to be brought to `last`
 * or beyond with a snapshot, from SQL or from the journal, and then started again.
 */
export class ConsumerBehind extends Error {
  override readonly name = "ConsumerBehind";
  readonly code = "consumer_behind";
  /** Sequence number of the first command that it lacks. */
  readonly first: number;
  /** Sequence number of the last command that it lacks. */
  readonly last: number;

  constructor(consumer: string, first: number, last: number) {
    super(
      `the bus has no more what ${consumer} lacks, the events of the commands ${first} to ${last}: bring it there by other means and start it again`,
    );
    this.first = first;
    this.last = last;
  }
}
