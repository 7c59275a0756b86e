import type { Engine, RecordViews, RecordWriter } from "@pincex/engine";
import { readMarketCommand } from "../commands/market-command.ts";
import { writeRulesChanged } from "../events/registered.ts";
import type { CommandRefusal } from "./command-refusal.ts";
import type { OrderDesk } from "./order-desk.ts";
import { listedMarket, type VenueState } from "./venue-state.ts";

interface MarketCommandRecord {
  readonly command: RecordViews;
  readonly offset: number;
  readonly out: RecordWriter;
}

/** Does what the operator asks of a market in the engine, whose event may refuse it; new rules are the registry's, too. */
export const changeMarket = (
  state: VenueState,
  engine: Engine,
  desk: OrderDesk,
  { command, offset, out }: MarketCommandRecord,
): CommandRefusal | undefined => {
  const refusal = desk.operate(engine, command, offset);
  if (refusal !== undefined) return refusal;
  const { request } = readMarketCommand(command, offset);
  if (request.kind !== "change_market") return undefined;
  const before = state.markets.get(request.market);
  if (before === undefined) return undefined;
  const { priceIncrement, quantityIncrement, minQuantity, minNotional } = request;
  const rules = { ...before, priceIncrement, quantityIncrement, minQuantity, minNotional };
  state.markets.list(listedMarket(rules, state.assets));
  writeRulesChanged(out, rules);
  return undefined;
};
