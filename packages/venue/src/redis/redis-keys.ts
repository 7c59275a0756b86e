/** Under which names a venue's streams stand in Redis, all of them with the venue's own name before. */
export const redisKeys = (venue: string) => ({
  /** What the venue has done. */
  events: `${venue}:events`,
  /** What it is asked to do. */
  requests: `${venue}:requests`,
  /** Views at some command. */
  snapshot: `${venue}:snapshot`,
  /** What a client is answered. */
  replies: (client: string): string => `${venue}:replies:${client}`,
});

/** The name of a venue in Redis, unless it is told another. */
export const VENUE_NAME = "pincex";
