import { type RecordViews, recordViews } from "@pincex/engine";
import type { FeeRates } from "../fees/fee-schedule.ts";
import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";
import { hashBytes, SlotTable, sameBytes } from "./slot-table.ts";

/** The longest client order id, in bytes. */
export const CLIENT_ORDER_ID_BYTES = 36;

// An order takes 128 bytes: four doubles, eight words, its client order id, two doubles and two words more.
const ORDER_BYTES = 128;
const WORDS = ORDER_BYTES / 4;
const DOUBLES = ORDER_BYTES / 8;
const NAME_BYTES = 64;

const D = { orderId: 0, price: 1, remaining: 2, budget: 3, partner: 13, sharedHold: 14 } as const;
const W = {
  overpaidPpm: 8,
  account: 9,
  market: 10,
  side: 11,
  holdAccount: 12,
  receiveAccount: 13,
  nameLength: 14,
  /** Of a free slot: the next one. */
  nextFree: 15,
  /** Of an order: what of these is so. */
  flags: 15,
  makerPpm: 30,
  takerPpm: 31,
} as const;
const PENDING = 1;
const PAYS_IN_QUOTE = 2;

/**
 * What the venue knows of each open order beyond the engine: what it reserves and where, the fraction of a fee it has
 * overpaid, and the account's own name for it.
 *
 * Orders are fixed-size rows in one buffer, named by slot while a command is applied. Slots never leave the process:
 * the same orders in other slots are the same state.
 */
export class OpenOrders {
  #views: RecordViews = recordViews(ORDER_BYTES * 1_024);
  #free = 0;
  /** Slot 0 is never an order. */
  #end = 1;
  #count = 0;
  readonly #byId: SlotTable = new SlotTable();
  readonly #byName: SlotTable = new SlotTable();

  get count(): number {
    return this.#count;
  }

  /** Takes a slot for an order; its numbers are the caller's to write, its name and id are not to change. */
  add(
    orderId: number,
    account: number,
    name: RecordViews,
    nameOffset: number,
    nameLength: number,
  ): number {
    const slot = this.#takeSlot();
    this.#views.f64[slot * DOUBLES + D.orderId] = orderId;
    this.#views.i32[slot * WORDS + W.account] = account;
    this.#views.i32[slot * WORDS + W.nameLength] = nameLength;
    const nameStart = slot * ORDER_BYTES + NAME_BYTES;
    for (let index = 0; index < nameLength; index++) {
      this.#views.bytes[nameStart + index] = name.bytes[nameOffset + index] ?? 0;
    }
    this.#index(slot);
    return slot;
  }

  remove(slot: number): void {
    this.#byId.remove(hashId(this.orderId(slot)), slot);
    if (this.nameLength(slot) > 0) this.#byName.remove(this.#nameHash(slot), slot);
    this.#views.bytes.fill(0, slot * ORDER_BYTES, (slot + 1) * ORDER_BYTES);
    this.#views.i32[slot * WORDS + W.nextFree] = this.#free;
    this.#free = slot;
    this.#count -= 1;
  }

  /** The slot of an order, or 0. */
  find(orderId: number): number {
    const hash = hashId(orderId);
    for (let at = this.#byId.first(hash); at >= 0; at = this.#byId.next(at, hash)) {
      const slot = this.#byId.slotAt(at);
      if (this.orderId(slot) === orderId) return slot;
    }
    return 0;
  }

  /** The slot of an account's order by its client order id, or 0. */
  findByName(account: number, name: RecordViews, nameOffset: number, nameLength: number): number {
    const hash = hashBytes(name.bytes, nameOffset, nameLength, account);
    for (let at = this.#byName.first(hash); at >= 0; at = this.#byName.next(at, hash)) {
      const slot = this.#byName.slotAt(at);
      const named = this.account(slot) === account && this.nameLength(slot) === nameLength;
      if (named && this.nameIs(slot, name, nameOffset)) return slot;
    }
    return 0;
  }

  /** Whether the order's client order id is the one at the offset, which is as long. */
  nameIs(slot: number, name: RecordViews, nameOffset: number): boolean {
    const start = slot * ORDER_BYTES + NAME_BYTES;
    return sameBytes(this.#views.bytes, start, name.bytes, nameOffset, this.nameLength(slot));
  }

  /** The highest slot that was ever taken; those below it may be free, with order id 0. */
  get lastSlot(): number {
    return this.#end - 1;
  }

  /** The slots of all orders, by ascending order id. */
  inOrder(): number[] {
    const ids = new Float64Array(this.#count);
    let count = 0;
    for (let slot = 1; slot < this.#end; slot++) {
      const orderId = this.orderId(slot);
      if (orderId > 0) ids[count++] = orderId;
    }
    // Typed arrays sort numbers without asking anybody which is less.
    return Array.from(ids.sort(), (orderId) => this.find(orderId));
  }

  setTerms(slot: number, market: number, side: number, price: number): void {
    this.#views.i32[slot * WORDS + W.market] = market;
    this.#views.i32[slot * WORDS + W.side] = side;
    this.#views.f64[slot * DOUBLES + D.price] = price;
  }

  orderId(slot: number): number {
    return this.#views.f64[slot * DOUBLES + D.orderId] ?? 0;
  }

  account(slot: number): number {
    return this.#views.i32[slot * WORDS + W.account] ?? 0;
  }

  /** The order's limit, or a market order's worst acceptable price; in ticks, 0 for none. */
  price(slot: number): number {
    return this.#views.f64[slot * DOUBLES + D.price] ?? 0;
  }

  /** Lots that may still trade; 0 for an order by quote quantity. */
  remaining(slot: number): number {
    return this.#views.f64[slot * DOUBLES + D.remaining] ?? 0;
  }

  /** Ticks × lots that may still be spent or earned, of an order by quote quantity; 0 for others. */
  budget(slot: number): number {
    return this.#views.f64[slot * DOUBLES + D.budget] ?? 0;
  }

  setOpenPart(slot: number, lots: number, budget: number): void {
    this.#views.f64[slot * DOUBLES + D.remaining] = lots;
    this.#views.f64[slot * DOUBLES + D.budget] = budget;
  }

  /** Limits change: by an amendment, by a trigger. */
  setPrice(slot: number, price: number): void {
    this.#views.f64[slot * DOUBLES + D.price] = price;
  }

  /** Whether the order is kept until its list calls for it. */
  isPending(slot: number): boolean {
    return (this.#flags(slot) & PENDING) !== 0;
  }

  setPending(slot: number, isPending: boolean): void {
    this.#setFlag(slot, PENDING, isPending);
  }

  /** What the order is charged as maker and as taker, and in which asset. */
  setRates(slot: number, { makerPpm, takerPpm, paidIn }: FeeRates): void {
    this.#views.i32[slot * WORDS + W.makerPpm] = makerPpm;
    this.#views.i32[slot * WORDS + W.takerPpm] = takerPpm;
    this.#setFlag(slot, PAYS_IN_QUOTE, paidIn === "quote");
  }

  /** Millionths; below zero for a rebate. */
  makerPpm(slot: number): number {
    return this.#views.i32[slot * WORDS + W.makerPpm] ?? 0;
  }

  takerPpm(slot: number): number {
    return this.#views.i32[slot * WORDS + W.takerPpm] ?? 0;
  }

  rates(slot: number): FeeRates {
    const paidIn = this.paysInQuote(slot) ? "quote" : "received";
    return { makerPpm: this.makerPpm(slot), takerPpm: this.takerPpm(slot), paidIn };
  }

  /** Whether its fees are in the quote asset, whatever it receives. */
  paysInQuote(slot: number): boolean {
    return (this.#flags(slot) & PAYS_IN_QUOTE) !== 0;
  }

  /** The id of the other order of a pair that reserves together; 0 for none. */
  partner(slot: number): number {
    return this.#views.f64[slot * DOUBLES + D.partner] ?? 0;
  }

  /** The slot of that order, or 0. */
  partnerOf(slot: number): number {
    const partner = this.partner(slot);
    return partner === 0 ? 0 : this.find(partner);
  }

  /** What the order reserves stands under this id: its own, or the first one's of the pair that it is or was in. */
  holdId(slot: number): number {
    const shared = this.#sharedHold(slot);
    return shared === 0 ? this.orderId(slot) : shared;
  }

  /** From now on both reserve together, under the first one's hold. */
  pair(first: number, second: number): void {
    this.#views.f64[first * DOUBLES + D.partner] = this.orderId(second);
    this.#views.f64[second * DOUBLES + D.partner] = this.orderId(first);
    this.#views.f64[second * DOUBLES + D.sharedHold] = this.holdId(first);
  }

  /** The order is by itself again; its hold stays under the id that it has. */
  leavePair(slot: number): void {
    this.#views.f64[slot * DOUBLES + D.partner] = 0;
  }

  overpaidPpm(slot: number): number {
    return this.#views.i32[slot * WORDS + W.overpaidPpm] ?? 0;
  }

  setOverpaidPpm(slot: number, ppm: number): void {
    this.#views.i32[slot * WORDS + W.overpaidPpm] = ppm;
  }

  market(slot: number): number {
    return this.#views.i32[slot * WORDS + W.market] ?? 0;
  }

  side(slot: number): number {
    return this.#views.i32[slot * WORDS + W.side] ?? 0;
  }

  /** The ledger's account that the order reserves from. */
  holdAccount(slot: number): number {
    return this.#views.i32[slot * WORDS + W.holdAccount] ?? 0;
  }

  /** The ledger's account that the order's fills arrive in. */
  receiveAccount(slot: number): number {
    return this.#views.i32[slot * WORDS + W.receiveAccount] ?? 0;
  }

  setAccounts(slot: number, holdAccount: number, receiveAccount: number): void {
    this.#views.i32[slot * WORDS + W.holdAccount] = holdAccount;
    this.#views.i32[slot * WORDS + W.receiveAccount] = receiveAccount;
  }

  nameLength(slot: number): number {
    return this.#views.i32[slot * WORDS + W.nameLength] ?? 0;
  }

  /** The bytes of the order's client order id; a view that the next added order may make stale. */
  name(slot: number): Uint8Array {
    const start = slot * ORDER_BYTES + NAME_BYTES;
    return this.#views.bytes.subarray(start, start + this.nameLength(slot));
  }

  /** The rows as they are, by ascending order id: nothing in them says which slot they had. */
  write(writer: FieldWriter): void {
    const slots = this.inOrder();
    const rows = new Uint8Array(slots.length * ORDER_BYTES);
    slots.forEach((slot, index) => {
      const row = this.#views.bytes.subarray(slot * ORDER_BYTES, (slot + 1) * ORDER_BYTES);
      rows.set(row, index * ORDER_BYTES);
    });
    writer.bytes(rows);
  }

  static read(reader: FieldReader): OpenOrders {
    const rows = recordViews(reader.bytes());
    if (rows.bytes.length % ORDER_BYTES !== 0) {
      throw new RangeError(`expected rows of orders, were ${rows.bytes.length} bytes`);
    }
    const orders = new OpenOrders();
    for (let row = 0; row < rows.bytes.length / ORDER_BYTES; row++) orders.#readOrder(rows, row);
    return orders;
  }

  #readOrder({ bytes, f64, i32 }: RecordViews, row: number): void {
    const orderId = f64[row * DOUBLES + D.orderId] ?? 0;
    const nameLength = i32[row * WORDS + W.nameLength] ?? 0;
    if (!(orderId > 0) || nameLength < 0 || nameLength > CLIENT_ORDER_ID_BYTES) {
      throw new RangeError(`expected an open order in row ${row}, was ${orderId}`);
    }
    const slot = this.#takeSlot();
    const from = row * ORDER_BYTES;
    this.#views.bytes.set(bytes.subarray(from, from + ORDER_BYTES), slot * ORDER_BYTES);
    this.#index(slot);
  }

  /** From now on it is found by its id and by its name. */
  #index(slot: number): void {
    this.#byId.insert(hashId(this.orderId(slot)), slot);
    if (this.nameLength(slot) > 0) this.#byName.insert(this.#nameHash(slot), slot);
    this.#count += 1;
  }

  #flags(slot: number): number {
    return this.#views.i32[slot * WORDS + W.flags] ?? 0;
  }

  #setFlag(slot: number, flag: number, isSo: boolean): void {
    const others = this.#flags(slot) & ~flag;
    this.#views.i32[slot * WORDS + W.flags] = isSo ? others | flag : others;
  }

  #sharedHold(slot: number): number {
    return this.#views.f64[slot * DOUBLES + D.sharedHold] ?? 0;
  }

  #nameHash(slot: number): number {
    const start = slot * ORDER_BYTES + NAME_BYTES;
    return hashBytes(this.#views.bytes, start, this.nameLength(slot), this.account(slot));
  }

  #takeSlot(): number {
    const slot = this.#free;
    if (slot !== 0) {
      this.#free = this.#views.i32[slot * WORDS + W.nextFree] ?? 0;
      this.#views.i32[slot * WORDS + W.nextFree] = 0;
      return slot;
    }
    if ((this.#end + 1) * ORDER_BYTES > this.#views.bytes.length) this.#grow();
    this.#end += 1;
    return this.#end - 1;
  }

  #grow(): void {
    const larger = recordViews(this.#views.bytes.length * 2);
    larger.bytes.set(this.#views.bytes);
    this.#views = larger;
  }
}

/** Ids are counted up, and the table spreads neighbours by itself; beyond 2^32 the high half counts too. */
const hashId = (orderId: number): number =>
  (orderId | 0) ^ Math.imul(Math.floor(orderId / 4_294_967_296), 0x85ebca6b);
