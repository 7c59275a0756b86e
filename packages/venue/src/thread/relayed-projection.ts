import type { Projection } from "../projection/projection.ts";
import type { Conversation } from "./conversation.ts";
import type { Wire } from "./wire.ts";

/** What the venue's thread is told of a projection of the host's. */
export interface ToldProjection {
  readonly name: string;
  readonly toleratesGaps: boolean;
  /** Whether it wants to hear what comes next. */
  readonly prepares: boolean;
}

/** A projection of the host's, as the venue's thread leads it. A batch is one message. */
export const relayedProjection = (
  { name, toleratesGaps, prepares }: ToldProjection,
  projection: number,
  conversation: Conversation,
  wire: Wire,
): Projection => ({
  name,
  toleratesGaps,
  position: async () => (await conversation.ask({ kind: "position", projection })) as number,
  apply: async (events, first, last) => {
    await conversation.ask({ kind: "apply", projection, events, first, last });
  },
  ...(prepares && {
    prepare: (events: Uint8Array, first: number, last: number): void =>
      wire.send({ kind: "prepare", projection, events, first, last }),
  }),
});
