import { recordKind, recordLength, recordViews } from "@pincex/engine";
import { appliedSequence } from "../events/applied.ts";
import { VenueEventKind } from "../events/event-record.ts";
import type { Delivery, EventBatch } from "./event-bus.ts";

/** What a consumer that stands at `position` is to hear of the next batch on a bus, whose last command it lacks. */
export const deliveryOf = (batch: EventBatch, position: number): Delivery => {
  const { first, last, events } = batch;
  if (first > position + 1) return { kind: "resync", first: position + 1, last: first - 1 };
  if (first === position + 1) return { kind: "events", first, last, events };
  return { kind: "events", first: position + 1, last, events: eventsAfter(events, position) };
};

const eventsAfter = (events: Uint8Array, position: number): Uint8Array => {
  const views = recordViews(events);
  let offset = 0;
  while (offset < events.length) {
    const begins = recordKind(views, offset) === VenueEventKind.applied;
    if (begins && appliedSequence(views, offset) > position) break;
    offset += recordLength(views, offset);
  }
  return views.bytes.subarray(offset);
};
