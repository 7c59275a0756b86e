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
    rule: "A fee is 0 to 1,000,000 millionths of what is received; a maker's rebate, where fees are paid in quote, as far below zero.",
  },
  taker_fee_out_of_range: {
    number: 1051,
    field: "takerPpm",
    rule: "A fee is 0 to 1,000,000 millionths of what is received.",
  },
  tier_out_of_range: { number: 1052, field: "tier", rule: "A tier is 0 to 65,535." },
  fees_need_newer_rules: {
    number: 1053,
    field: "rules",
    rule: "Tiers, fees in the quote asset and rebates need rules 2: raise_rules comes first.",
  },
  balance_below_amount: {
    number: 1060,
    field: "amount",
    rule: "The available balance covers the amount.",
  },
  withdrawal_fee_out_of_range: {
    number: 1061,
    field: "fee",
    rule: "A withdrawal's fee is zero or more, and less than its amount.",
  },
  withdrawal_unknown: {
    number: 1062,
    field: "withdrawal",
    rule: "The withdrawal is reserved, and neither settled nor released.",
  },
  receiver_unknown: { number: 1063, field: "to", rule: "The receiving account has been opened." },
  receiver_is_sender: { number: 1064, field: "to", rule: "A transfer is between two accounts." },
  receiver_closed: { number: 1065, field: "to", rule: "The receiving account is not closed." },
  account_frozen: { number: 1066, field: "account", rule: "The account is not frozen." },
  account_closed: { number: 1067, field: "account", rule: "The account is not closed." },
  account_not_empty: {
    number: 1068,
    field: "status",
    rule: "An account is closed without balances, withdrawals and open orders.",
  },
  trade_unknown: {
    number: 1070,
    field: "tradeId",
    rule: "The trade is one of the venue's last 65,536, and in that market.",
  },
  trade_already_busted: { number: 1071, field: "tradeId", rule: "A trade is taken back once." },
  buyer_balance_below_bust: {
    number: 1072,
    field: "tradeId",
    rule: "The buyer has available what it received.",
  },
  seller_balance_below_bust: {
    number: 1073,
    field: "tradeId",
    rule: "The seller has available what it received.",
  },
  fees_below_bust: {
    number: 1074,
    field: "tradeId",
    rule: "The venue still has the fees of the trade.",
  },
  rules_not_higher: { number: 1080, field: "rules", rule: "The rules' number only goes up." },
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
