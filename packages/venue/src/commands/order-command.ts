import {
  type Amend,
  type CancelAll,
  type CancelAllAfter,
  CommandKind,
  decodeCommand,
  type EngineCommand,
  encodeCommand,
  type PlaceList,
  type RecordViews,
  type RecordWriter,
  type Reduce,
  type Replace,
  recordKind,
  recordLength,
} from "@pincex/engine";
import { padded, readText, textLength, writeText } from "../record/text-field.ts";
import {
  beginCommand,
  COMMAND_BODY,
  clientOrderIdLength,
  commandAccount,
  commandIdOffset,
  type Repeatable,
  readRepeatable,
  VenueCommandKind,
} from "./command-record.ts";

/** What an account may ask of its own orders beside placing and cancelling one; the account is the command's. */
export type AccountRequest =
  | Omit<Amend, "account">
  | Omit<Reduce, "account">
  | Omit<Replace, "account">
  | Omit<CancelAll, "account">
  | Omit<CancelAllAfter, "account">
  | Omit<PlaceList, "account">;

/** Changes, replaces or cancels orders of the account, or places a list of them. The engine's own record stands in it unchanged. */
export interface OrderCommand extends Repeatable {
  readonly kind: "order_command";
  readonly account: number;
  readonly request: AccountRequest;
  /**
   * Of each order that is placed, in order: one for `replace`, one for each leg of `place_list`, else none. "" for no name;
   * the rest as in `place_order`. A replacement may have the name of the order that it replaces.
   */
  readonly clientOrderIds: readonly string[];
  /** The account's own name for the list that `place_list` places, of the same characters; "" or absent for none. */
  readonly clientListId?: string;
}

/** Where the name of a list stands: behind those of the orders that it has at most. */
export const LIST_NAME = 3;

const ACCOUNT_KINDS: ReadonlySet<number> = new Set([
  CommandKind.amend,
  CommandKind.reduce,
  CommandKind.replace,
  CommandKind.cancelAll,
  CommandKind.cancelAllAfter,
  CommandKind.placeList,
]);

/** The body is the engine's record, then the client order ids and the list's; their lengths are the bytes of the header's last word. */
export const writeOrderCommand = (writer: RecordWriter, command: OrderCommand): void => {
  const { account, request, clientOrderIds, clientListId = "" } = command;
  const record = encodeCommand({ ...request, account } as EngineCommand);
  const expected = ordersPlacedBy(request);
  if (clientOrderIds.length !== expected) {
    throw new RangeError(
      `expected ${expected} client order ids for ${request.kind}, was ${clientOrderIds.length}`,
    );
  }
  if (clientListId !== "" && request.kind !== "place_list") {
    throw new RangeError(`expected no clientListId for ${request.kind}, was "${clientListId}"`);
  }
  const names = [...clientOrderIds];
  if (clientListId !== "") names[LIST_NAME] = clientListId;
  const lengths = Array.from(names, (id = "") => textLength(id, "clientOrderIds"));
  const namesBytes = lengths.reduce((sum, length) => sum + padded(length), 0);
  const kind = VenueCommandKind.orderCommand;
  const offset = beginCommand(writer, kind, account, command, record.length + namesBytes);
  writer.views.i32[(offset + 12) >> 2] = lengths.reduceRight((all, each) => (all << 8) | each, 0);
  writer.views.bytes.set(record, offset + COMMAND_BODY);
  names.forEach((id, index) => {
    writeText(writer.views, placedNameOffset(writer.views, offset, index), id);
  });
};

export const readOrderCommand = (views: RecordViews, offset: number): OrderCommand => {
  const { account, ...request } = assertOrderCommand(views, offset);
  const clientOrderIds = Array.from({ length: ordersPlacedBy(request) }, (_, index) =>
    readName(views, offset, index),
  );
  const clientListId = readName(views, offset, LIST_NAME);
  return {
    kind: "order_command",
    account,
    request,
    clientOrderIds,
    ...(clientListId === "" ? {} : { clientListId }),
    ...readRepeatable(views, offset),
  };
};

const readName = (views: RecordViews, offset: number, index: number): string =>
  readText(views, placedNameOffset(views, offset, index), placedNameLength(views, offset, index));

/**
 * Throws a `RangeError` unless the body is one record of a kind that accounts may use, by the account that speaks, and the
 * client order ids. Answers what the record says.
 */
export const assertOrderCommand = (
  views: RecordViews,
  offset: number,
): AccountRequest & { readonly account: number } => {
  const record = offset + COMMAND_BODY;
  if (record + 8 > commandIdOffset(views, offset)) {
    throw new RangeError("expected a record in order_command, was cut short");
  }
  if (!ACCOUNT_KINDS.has(recordKind(views, record))) {
    throw new RangeError(
      `expected an account's request in order_command, was of kind ${recordKind(views, record)}`,
    );
  }
  const request = decodeCommand(views, record) as AccountRequest & { account: number };
  const names = ordersPlacedBy(request);
  for (let index = names; index <= LIST_NAME; index++) {
    if (index === LIST_NAME && request.kind === "place_list") break;
    if (placedNameLength(views, offset, index) === 0) continue;
    throw new RangeError(`expected ${names} client order ids in order_command, were more`);
  }
  const end = placedNameOffset(views, offset, LIST_NAME + 1);
  if (end !== commandIdOffset(views, offset)) {
    throw new RangeError(
      `expected order_command to end at ${commandIdOffset(views, offset)}, was ${end}`,
    );
  }
  if (request.account !== commandAccount(views, offset)) {
    throw new RangeError(
      `expected a request by ${commandAccount(views, offset)}, was by ${request.account}`,
    );
  }
  return request;
};

/** Whether the request may say until when something holds: then the time must be known. */
export const mayAskForTime = (views: RecordViews, offset: number): boolean => {
  const kind = recordKind(views, offset + COMMAND_BODY);
  return (
    kind === CommandKind.cancelAllAfter ||
    kind === CommandKind.replace ||
    kind === CommandKind.placeList
  );
};

/** How many orders a request places if it is done. */
export const ordersPlacedBy = (request: AccountRequest): number => {
  if (request.kind === "place_list") return request.legs.length;
  return request.kind === "replace" ? 1 : 0;
};

export const placedNameLength = (views: RecordViews, offset: number, index: number): number =>
  (clientOrderIdLength(views, offset) >>> (8 * index)) & 0xff;

/** Where the name of the order at an index begins. */
export const placedNameOffset = (views: RecordViews, offset: number, index: number): number => {
  let at = offset + COMMAND_BODY + recordLength(views, offset + COMMAND_BODY);
  for (let before = 0; before < index; before++) {
    at += padded(placedNameLength(views, offset, before));
  }
  return at;
};
