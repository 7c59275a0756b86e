import { CommandKind, recordKind, recordViews, writeHeader } from "@pincex/engine";
import { expect, test } from "vitest";
import { order } from "../testing/core-under-test.ts";
import { VenueCommandKind } from "./command-record.ts";
import { assertVenueCommand, encodeVenueCommand, type VenueCommand } from "./venue-command.ts";

const placement: VenueCommand = {
  kind: "place_order",
  account: 7,
  clientOrderId: "mine",
  order: order({ price: 100, quantity: 5 }),
};

test("a placement carries the engine's own record at a multiple of 8", () => {
  const views = recordViews(encodeVenueCommand(placement));
  expect(recordKind(views, 0)).toBe(VenueCommandKind.placeOrder);
  expect(recordKind(views, 16)).toBe(CommandKind.place);
});

test("a placement for another account than the one that speaks is no command", () => {
  const views = recordViews(encodeVenueCommand(placement));
  views.i32[1] = 8;
  expect(() => assertVenueCommand(views, 0)).toThrow("expected a placement by 8, was by 7");
});

test("an unknown kind or version is no command", () => {
  const views = recordViews(16);
  writeHeader(views, 0, 200, 1, 16, 0);
  expect(() => assertVenueCommand(views, 0)).toThrow("unknown kind 200");
  writeHeader(views, 0, VenueCommandKind.time, 9, 16, 0);
  expect(() => assertVenueCommand(views, 0)).toThrow("expected command version 1, was 9");
});

test("numbers that are not whole, and texts beyond 255 bytes, can't be written", () => {
  const asset = { kind: "add_asset", asset: 1, code: "BTC", decimals: 8 } as const;
  expect(() => encodeVenueCommand({ ...asset, decimals: 1.5 })).toThrow(RangeError);
  expect(() => encodeVenueCommand({ ...asset, code: "x".repeat(256) })).toThrow(RangeError);
  expect(() => encodeVenueCommand({ ...asset, kind: "nothing" } as never)).toThrow(TypeError);
});
