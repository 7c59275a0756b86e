import type { EngineEvent } from "../events/event.ts";
import type { BookUnits } from "./book-units.ts";
import { type DecimalConditions, formatConditions } from "./decimal-conditions.ts";
import type { DecimalPriceBand } from "./market-settings.ts";

/** The fields of events that are decimals. */
export type DecimalField =
  | "price"
  | "quantity"
  | "quoteQuantity"
  | "remaining"
  | "makerRemaining"
  | "takerRemaining"
  | "surplus"
  | "minimumShare"
  | "topOrderMaximum";

const SCALES: Readonly<Record<DecimalField, keyof BookUnits>> = {
  price: "price",
  quantity: "quantity",
  quoteQuantity: "notional",
  remaining: "quantity",
  makerRemaining: "quantity",
  takerRemaining: "quantity",
  surplus: "quantity",
  minimumShare: "quantity",
  topOrderMaximum: "quantity",
};

/** An event of the engine with prices and quantities as decimals, and without its market: a book has only one. */
export type DecimalEvent<Event extends EngineEvent = EngineEvent> = Event extends EngineEvent
  ? {
      readonly [Field in keyof Event as Exclude<Field, "market">]: Field extends DecimalField
        ? string
        : Field extends "conditions"
          ? DecimalConditions
          : Field extends "bands"
            ? readonly DecimalPriceBand[]
            : Event[Field];
    }
  : never;

export const formatEvent = (units: BookUnits, event: EngineEvent): DecimalEvent => {
  const fields: Record<string, unknown> = { ...event };
  delete fields["market"];
  for (const [field, scale] of Object.entries(SCALES)) {
    const value = fields[field];
    if (typeof value === "number") fields[field] = units[scale].format(value);
  }
  if ("conditions" in event && event.conditions) {
    fields["conditions"] = formatConditions(units, event.conditions);
  }
  if (event.kind === "price_increments_set") {
    fields["bands"] = event.bands.map(({ from, increment }) => ({
      from: units.price.format(from),
      increment: units.price.format(increment),
    }));
  }
  return fields as unknown as DecimalEvent;
};
