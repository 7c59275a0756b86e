// What several gateways share over Redis.

export { type RedisLimitStoreOptions, redisLimitStore } from "./redis-limit-store.ts";
