/** The events of commands that follow one another. */
export interface EventBatch {
  /** Sequence number of the first command. */
  readonly first: number;
  /** Sequence number of the last command. */
  readonly last: number;
  /** What the commands did, as records: an `applied` begins each of them. Don't change the bytes: others read them. */
  readonly events: Uint8Array;
}

/** What a consumer hears from a bus. */
export type Delivery =
  | ({ readonly kind: "events" } & EventBatch)
  | {
      /**
       * The bus has no more what the consumer lacks: it was trimmed, or lost. The consumer has to get to `last` or beyond by
       * other means, with a snapshot, from SQL or from the journal, and then follows from there.
       */
      readonly kind: "resync";
      /** Sequence number of the first command that is lacking. */
      readonly first: number;
      /** Sequence number of the last command that is lacking. */
      readonly last: number;
    };

/**
 * What a venue has done, for consumers in this process or in others. Each of them has a position of its own: the sequence
 * number of the last command whose events it has taken in, which it keeps as durably as it keeps what it made of them.
 *
 * A venue publishes to a bus as to a `Projection`, once its journal is durable, at least once. A bus delivers what it holds
 * until a consumer has moved on, so that the effect, by sequence number, is exactly once.
 */
export interface EventBus {
  /** Sequence number of the last command on the bus; 0 while there is none. */
  head(): Promise<number>;
  /**
   * What follows on `position`, in order and without an end; waits where there is nothing yet. Each delivery begins with the
   * command after the one before, whatever was published twice or in other batches. Ends when the signal is aborted, and
   * after a `resync`.
   */
  follow(position: number, signal: AbortSignal): AsyncIterable<Delivery>;
}
