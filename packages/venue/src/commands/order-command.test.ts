import { CommandKind, recordKind, recordViews } from "@pincex/engine";
import { describe, expect, test } from "vitest";
import { MARKET, order } from "../testing/core-under-test.ts";
import { legOf } from "../testing/order-wishes.ts";
import type { OrderCommand } from "./order-command.ts";
import { assertVenueCommand, decodeVenueCommand, encodeVenueCommand } from "./venue-command.ts";

const list: OrderCommand = {
  kind: "order_command",
  account: 7,
  request: {
    kind: "place_list",
    market: MARKET,
    contingency: "oto",
    sizing: "fixed",
    legs: [legOf(order({ price: 100, quantity: 5 })), legOf(order({ price: 101, quantity: 5 }))],
  },
  clientOrderIds: ["the first", "ö"],
  commandId: "once",
};

const amend: OrderCommand = {
  kind: "order_command",
  account: 7,
  request: { kind: "amend", market: MARKET, orderId: 3, price: 100, quantity: 5 },
  clientOrderIds: [],
};

const halt = {
  kind: "market_command",
  request: { kind: "set_phase", market: MARKET, phase: "halted" },
} as const;

test("carries the engine's own record at a multiple of 8, and a name for each order that it places", () => {
  const views = recordViews(encodeVenueCommand(list));
  expect(recordKind(views, 16)).toBe(CommandKind.placeList);
  expect(decodeVenueCommand(views, 0)).toEqual(list);
  const named = { ...list, clientListId: "the list" };
  expect(decodeVenueCommand(recordViews(encodeVenueCommand(named)), 0)).toEqual(named);
});

describe("is no command", () => {
  test.each([
    ["with too few names", { ...list, clientOrderIds: ["one"] }, "expected 2 client order ids"],
    ["with too many names", { ...amend, clientOrderIds: ["one"] }, "expected 0 client order ids"],
    ["with a name of a list that it is not", { ...amend, clientListId: "x" }, "expected no client"],
  ] as const)("%s", (_, command, message) => {
    expect(() => encodeVenueCommand(command)).toThrow(message);
  });

  test("by another account than the one that speaks", () => {
    const views = recordViews(encodeVenueCommand(amend));
    views.i32[1] = 8;
    expect(() => assertVenueCommand(views, 0)).toThrow("expected a request by 8, was by 7");
  });

  test("of a kind that is not the account's", () => {
    const command = encodeVenueCommand({ ...amend, request: halt.request } as never);
    expect(() => assertVenueCommand(recordViews(command), 0)).toThrow("expected an account's");
  });

  test("with the length of a name that it has no order for", () => {
    const views = recordViews(encodeVenueCommand(amend));
    views.i32[3] = 1;
    expect(() => assertVenueCommand(views, 0)).toThrow("expected 0 client order ids");
    const other = recordViews(encodeVenueCommand(list));
    other.bytes[14] = 1;
    expect(() => assertVenueCommand(other, 0)).toThrow("expected 2 client order ids");
  });

  test("with names that end elsewhere than they should", () => {
    const views = recordViews(encodeVenueCommand(list));
    views.bytes[12] = 20;
    expect(() => assertVenueCommand(views, 0)).toThrow("expected order_command to end at");
  });
});

describe("a market command", () => {
  test("is the operator's alone", () => {
    const views = recordViews(encodeVenueCommand(halt));
    assertVenueCommand(views, 0);
    views.i32[1] = 7;
    expect(() => assertVenueCommand(views, 0)).toThrow("by the operator");
  });

  test("is of a kind that is the operator's", () => {
    const request = { ...amend.request, account: 7 };
    const command = encodeVenueCommand({ ...halt, request } as never);
    expect(() => assertVenueCommand(recordViews(command), 0)).toThrow("expected an operator's");
  });

  test("ends with its record", () => {
    const views = recordViews(encodeVenueCommand({ ...halt, commandId: "x" }));
    views.i32[2] = 9;
    expect(() => assertVenueCommand(views, 0)).toThrow("expected market_command to end at");
  });
});
