import { REJECTIONS } from "@pincex/engine";

/** Why a command was refused: which field of it, and the rule it breaks, in words that a person can act on. */
export interface RefusalRule {
  /** Stands for the code in records. Never reused (1014 has been one); below 1,000 are the engine's. */
  readonly number: number;
  readonly field: string;
  readonly rule: string;
}

/** The venue's own refusals. The engine's come beside them, by the same shape: `REJECTIONS`. */
export const REFUSALS = {
  balance_below_hold: {
    number: 1000,
    field: "quantity",
    rule: "The available balance covers the worst case of the order.",
  },
  worst_case_unbounded: {
    number: 1001,
    field: "price",
    rule: "A market buy by base quantity and a market sell by quote quantity carry a worst acceptable price, and so does one that waits for its trigger; a market-to-limit buy does not wait for one.",
  },
  client_order_id_open: {
    number: 1002,
    field: "clientOrderId",
    rule: "A client order id names one open order of the account at a time.",
  },
  client_order_id_malformed: {
    number: 1003,
    field: "clientOrderId",
    rule: "A client order id has 1 to 36 characters of a-z A-Z 0-9 - _ . : /",
  },
  command_id_conflict: {
    number: 1004,
    field: "commandId",
    rule: "A command id is repeated only with the command that it was first given to.",
  },
  command_id_malformed: {
    number: 1005,
    field: "commandId",
    rule: "A command id has 1 to 64 printable ASCII characters and no spaces.",
  },
  unknown_account: {
    number: 1006,
    field: "account",
    rule: "The account has been opened.",
  },
  unknown_asset: { number: 1007, field: "asset", rule: "The asset has been added." },
  client_order_id_mismatch: {
    number: 1010,
    field: "clientOrderId",
    rule: "Where both ids are given, they name the same order.",
  },
  amount_must_be_positive: {
    number: 1011,
    field: "amount",
    rule: "The amount is greater than zero.",
  },
  amount_out_of_range: {
    number: 1012,
    field: "amount",
    rule: "No balance reaches 2^127 smallest units.",
  },
  reference_malformed: {
    number: 1013,
    field: "reference",
    rule: "A reference has no control characters.",
  },
  asset_number_out_of_range: {
    number: 1020,
    field: "asset",
    rule: "An asset's number is 1 to 2^31 - 1.",
  },
  asset_already_added: { number: 1021, field: "asset", rule: "An asset is added once." },
  asset_code_malformed: {
    number: 1022,
    field: "code",
    rule: "An asset's code has 1 to 16 capital letters and digits.",
  },
  asset_code_taken: { number: 1023, field: "code", rule: "An asset's code is its own." },
  decimals_out_of_range: {
    number: 1024,
    field: "decimals",
    rule: "An asset has 0 to 30 decimals.",
  },
  account_number_out_of_range: {
    number: 1030,
    field: "account",
    rule: "An account's number is 1 to 2^31 - 1.",
  },
  account_already_open: { number: 1031, field: "account", rule: "An account is opened once." },
  account_name_malformed: {
    number: 1032,
    field: "name",
    rule: "An account's name has 1 to 64 printable ASCII characters and no spaces.",
  },
  account_name_taken: { number: 1033, field: "name", rule: "An account's name is its own." },
  symbol_malformed: {
    number: 1042,
    field: "symbol",
    rule: "A symbol has 1 to 32 capital letters, digits and dashes.",
  },
  symbol_taken: { number: 1043, field: "symbol", rule: "A market's symbol is its own." },
  base_unknown: { number: 1044, field: "base", rule: "The base asset has been added." },
  quote_unknown: { number: 1045, field: "quote", rule: "The quote asset has been added." },
  base_is_quote: { number: 1046, field: "quote", rule: "Base and quote are two assets." },
  lot_units_out_of_range: {
    number: 1047,
    field: "lotUnits",
    rule: "A lot has at least one smallest unit, and fewer than 2^74.",
  },
  tick_lot_units_out_of_range: {
    number: 1048,
    field: "tickLotUnits",
    rule: "A tick times a lot has at least one smallest unit, and fewer than 2^74.",
  },
  maker_fee_out_of_range: {
    number: 1050,
    field: "makerPpm",
    rule: "A fee is 0 to 1,000,000 millionths of what is received.",
  },
  taker_fee_out_of_range: {
    number: 1051,
    field: "takerPpm",
    rule: "A fee is 0 to 1,000,000 millionths of what is received.",
  },
} as const;

/** The names of the rules that a venue command may break, the engine's among them. */
export type VenueRefusalCode = keyof typeof REFUSALS | keyof typeof REJECTIONS;

const rules: Readonly<Record<VenueRefusalCode, RefusalRule>> = { ...REJECTIONS, ...REFUSALS };

const byNumber: ReadonlyMap<number, RefusalRule & { readonly code: string }> = new Map(
  Object.entries(rules).map(([code, rule]) => [rule.number, { code, ...rule }]),
);

export const refusalNumber = (code: VenueRefusalCode): number => rules[code].number;

/** What a number in a record stands for. One that this release does not know is said to be so. */
export const refusalOf = (number: number): RefusalRule & { readonly code: string } =>
  byNumber.get(number) ?? {
    code: "refused",
    number,
    field: "",
    rule: `Refusal ${number}, which this release does not know.`,
  };
