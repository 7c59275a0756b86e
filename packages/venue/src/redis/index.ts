// A venue's consumers and gateways in other processes, over Redis.

export {
  type RedisBusOptions,
  type RedisPublisherOptions,
  redisBus,
  redisPublisher,
} from "./redis-bus.ts";
export {
  type RedisArgument,
  type RedisClient,
  RedisUnreachable,
  type RepliesAsBytes,
} from "./redis-client.ts";
export { redisSnapshots } from "./redis-snapshots.ts";
export { type RemoteVenue, type RemoteVenueOptions, remoteVenue } from "./remote-venue.ts";
export { type ServeVenueOptions, serveVenue, type VenueServer } from "./serve-venue.ts";
