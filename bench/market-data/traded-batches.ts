import { RecordWriter, recordViews } from "@pincex/engine";
import { encodeVenueCommand, type VenueCommand, VenueCore } from "@pincex/venue";

/** The events of some commands. */
export interface EventBatch {
  readonly events: Uint8Array;
  readonly first: number;
  readonly last: number;
}

export const MARKET = 1;
const [SELLER, BUYER] = [1, 2];
const A_BATCH = 1_000;

const SETUP: readonly VenueCommand[] = [
  { kind: "add_asset", asset: 1, code: "BASE", decimals: 0 },
  { kind: "add_asset", asset: 2, code: "QUOTE", decimals: 0 },
  {
    kind: "list_market",
    market: MARKET,
    symbol: "BASE-QUOTE",
    base: 1,
    quote: 2,
    lotUnits: 1n,
    tickLotUnits: 1n,
    maxPrice: 1_000_000,
    maxQuantity: 1_000_000,
    priceIncrement: 1,
    quantityIncrement: 1,
    minQuantity: 1,
    minNotional: 0,
  },
  ...[SELLER, BUYER].flatMap((account): VenueCommand[] => [
    { kind: "open_account", account, name: `trader${account}` },
    ...[1, 2].map((asset): VenueCommand => {
      const reference = `${account}/${asset}`;
      return { kind: "credit_deposit", account, asset, amount: 10n ** 18n, reference };
    }),
  ]),
];

const order = (account: number, side: "buy" | "sell", price: number, quantity: number) =>
  ({
    kind: "place_order",
    account,
    clientOrderId: "",
    order: {
      market: MARKET,
      side,
      type: "limit",
      timeInForce: "gtc",
      price,
      quantity,
      quoteQuantity: 0,
    },
  }) as const;

/** So many trades of one market, evenly over a time, as a venue tells them: a thousand a batch, none of which is kept. */
export function* tradedBatches(
  trades: number,
  from: number,
  durationMs: number,
): Generator<EventBatch> {
  const core = new VenueCore();
  let sequence = 0;
  const batch = (at: number, commands: readonly VenueCommand[]): EventBatch => {
    const out = new RecordWriter();
    const first = sequence + 1;
    for (const command of commands) {
      sequence += 1;
      core.apply(sequence, at, recordViews(encodeVenueCommand(command)), 0, out);
    }
    return { events: out.finished(), first, last: sequence };
  };
  yield batch(from, SETUP);
  for (let done = 0; done < trades; done += A_BATCH) {
    yield batch(from + Math.floor((done / trades) * durationMs), [
      order(SELLER, "sell", 100 + (done % 7), A_BATCH),
      ...Array.from({ length: A_BATCH }, () => order(BUYER, "buy", 110, 1)),
    ]);
  }
}
