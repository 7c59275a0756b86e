// A venue's consumers in other processes, over Redis.

export {
  type RedisBusOptions,
  type RedisPublisherOptions,
  redisBus,
  redisPublisher,
} from "./redis-bus.ts";
export { type RedisClient, RedisUnreachable } from "./redis-client.ts";
