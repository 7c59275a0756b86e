import type { Projection } from "../projection/projection.ts";
import type { Conversation } from "./conversation.ts";

/** What the venue's thread is told of a projection of the host's. */
export interface ToldProjection {
  readonly name: string;
  readonly toleratesGaps: boolean;
}

/** A projection of the host's, as the venue's thread leads it. A batch is one message. */
export const relayedProjection = (
  { name, toleratesGaps }: ToldProjection,
  projection: number,
  conversation: Conversation,
): Projection => ({
  name,
  toleratesGaps,
  position: async () => (await conversation.ask({ kind: "position", projection })) as number,
  apply: async (events, first, last) => {
    await conversation.ask({ kind: "apply", projection, events, first, last });
  },
});
