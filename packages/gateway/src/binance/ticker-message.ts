import { formatAmount } from "@pincex/ledger";
import type { Ticker } from "@pincex/market-data";
import type { MarketNumbers } from "../market-numbers.ts";

/** What a price moved by over a ticker's window, and that in per cent of where it began. */
export const priceChange = (
  numbers: MarketNumbers,
  { open, last }: Pick<Ticker, "open" | "last">,
): { change: string; percent: string } => {
  const change = last - open;
  const sign = change < 0 ? "-" : "";
  // Thousandths of a per cent, cut off: for display.
  const percent = open === 0 ? 0n : (BigInt(Math.abs(change)) * 100_000n) / BigInt(open);
  return {
    change: sign + numbers.price(Math.abs(change)),
    percent: (percent === 0n ? "" : sign) + formatAmount(percent, 3),
  };
};
