import { MAX_INT32 } from "../whole-number.ts";
import { type DecimalScale, decimalScale, productScale } from "./decimal-scale.ts";

/** What the whole numbers inside a book stand for. */
export interface BookUnits {
  readonly price: DecimalScale;
  readonly quantity: DecimalScale;
  /** Price × quantity. */
  readonly notional: DecimalScale;
}

export const bookUnits = (priceIncrement: string, quantityIncrement: string): BookUnits => {
  const price = decimalScale(priceIncrement);
  const quantity = decimalScale(quantityIncrement);
  return { price: priceScale(price), quantity, notional: productScale(price, quantity) };
};

/**
 * Records have 32 bits for a price, and no market's maximum reaches the largest that fits. A price that does not fit is read
 * as that one, so that it is refused for the same reason as any above the maximum.
 */
const priceScale = (scale: DecimalScale): DecimalScale => ({
  ...scale,
  parse: (text) => {
    const reading = scale.parse(text);
    return reading.ok ? { ok: true, value: Math.min(reading.value, MAX_INT32) } : reading;
  },
});
