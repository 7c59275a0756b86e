import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";
import {
  extrasOf,
  hasExtrasAt,
  isNamedAt,
  ORDER_ROW_BYTES,
  type OrderExtras,
  orderIdAt,
  readOrderAt,
  writeOrderAt,
} from "./order-row.ts";
import type { OrderRow } from "./order-view.ts";
import { RowRing } from "./row-ring.ts";

/** How many orders that are done can be read back, per account. */
export const CLOSED_ORDERS_RETAINED = 1_000;

/** The last orders of an account that are done, in the order in which they ended. */
export class ClosedOrders {
  readonly #account: number;
  readonly #ring: RowRing = new RowRing(ORDER_ROW_BYTES, CLOSED_ORDERS_RETAINED);
  readonly #extras: Map<number, OrderExtras> = new Map();

  constructor(account: number) {
    this.#account = account;
  }

  add(order: OrderRow): void {
    const { isFull } = this.#ring;
    const row = this.#ring.add();
    const { views } = this.#ring;
    if (isFull && hasExtrasAt(views, row)) this.#extras.delete(orderIdAt(views, row));
    writeOrderAt(views, row, order);
    const extras = extrasOf(order);
    if (extras !== undefined) this.#extras.set(order.orderId, extras);
  }

  all(): OrderRow[] {
    return Array.from({ length: this.#ring.count }, (_, index) =>
      this.#order(this.#ring.at(index)),
    );
  }

  byId(orderId: number): OrderRow | undefined {
    return this.#findLast((row) => orderIdAt(this.#ring.views, row) === orderId);
  }

  /** The one of that client order id that was done last. */
  byName(clientOrderId: string): OrderRow | undefined {
    return this.#findLast((row) => isNamedAt(this.#ring.views, row, clientOrderId));
  }

  write(writer: FieldWriter): void {
    this.#ring.write(writer);
    writeExtras(writer, this.#extras);
  }

  restore(reader: FieldReader): void {
    this.#ring.read(reader);
    for (const [orderId, extras] of readExtras(reader)) this.#extras.set(orderId, extras);
  }

  #findLast(matches: (row: number) => boolean): OrderRow | undefined {
    for (let index = this.#ring.count - 1; index >= 0; index--) {
      const row = this.#ring.at(index);
      if (matches(row)) return this.#order(row);
    }
    return undefined;
  }

  #order(row: number): OrderRow {
    const { views } = this.#ring;
    const extras = hasExtrasAt(views, row) ? this.#extras.get(orderIdAt(views, row)) : undefined;
    return readOrderAt(views, row, this.#account, extras);
  }
}

/** By ascending order id, so that they are the same bytes however they came there. */
export const writeExtras = (
  writer: FieldWriter,
  extras: ReadonlyMap<number, OrderExtras>,
): void => {
  const sorted = [...extras].sort(([one], [other]) => one - other);
  writer.list(sorted, ([orderId, of]) => {
    writer.row(orderId);
    writer.bytes(encoder.encode(JSON.stringify(of)));
  });
};

export const readExtras = (reader: FieldReader): [number, OrderExtras][] =>
  reader.list(() => [reader.number(), JSON.parse(decoder.decode(reader.bytes())) as OrderExtras]);

const encoder = new TextEncoder();
const decoder = new TextDecoder();
