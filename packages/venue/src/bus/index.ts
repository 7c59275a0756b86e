// What a venue has done, for consumers in its own process and in others.

export { type ConsumeOptions, type Consumption, consume } from "./consume.ts";
export { ConsumerBehind } from "./consumer-behind.ts";
export type { Delivery, EventBatch, EventBus } from "./event-bus.ts";
export { type Follower, type FollowOptions, followVenue } from "./follow-venue.ts";
export { type MemoryBus, type MemoryBusOptions, memoryBus } from "./memory-bus.ts";
export type { ViewSnapshot, ViewSnapshots } from "./view-snapshots.ts";
