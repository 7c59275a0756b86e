/** `@pincex/engine/decimal`: exact decimal strings at the edge, integers inside. */
export { type DecimalReading, type DecimalScale, decimalScale } from "./decimal/decimal-scale.ts";
