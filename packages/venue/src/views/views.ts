import {
  EventKind,
  Phase,
  type PhaseName,
  phaseName,
  type RecordViews,
  recordKind,
  recordLength,
  recordViews,
} from "@pincex/engine";
import { decodeEntry, eachPosting, LedgerRecordKind } from "@pincex/ledger";
import type { MarketRules } from "../commands/list-market.ts";
import type { Held } from "../events/held.ts";
import type { TradeSettled } from "../events/trade-settled.ts";
import {
  decodeVenueEvent,
  type LedgerAccountOpened,
  type VenueEvent,
} from "../events/venue-event.ts";
import { type FeeRates, FeeSchedule } from "../fees/fee-schedule.ts";
import { readAmount } from "../record/amount-field.ts";
import { FieldWriter } from "../record/field-writer.ts";
import { FieldReader } from "../record/fields.ts";
import { type Account, AccountRegistry } from "../registries/accounts.ts";
import { type Asset, AssetRegistry } from "../registries/assets.ts";
import { MarketRegistry } from "../registries/markets.ts";
import { OLDEST_RULES } from "../rules/rules.ts";
import { AccountActivity, type BalanceRow } from "./account-activity.ts";
import type { AccountChange, AccountListener, OrderCause } from "./account-change.ts";
import { ActivitiesSnapshot } from "./activities-snapshot.ts";
import { type BalanceCause, isSameCause } from "./balance-cause.ts";
import type { BalanceView } from "./balance-view.ts";
import type { FillView } from "./fill-view.ts";
import { type OrderRow, type OrderState, type OrderView, statusOf } from "./order-view.ts";
import type { FillRange } from "./recent-fills.ts";
import type { SlicedSnapshot, View } from "./view.ts";
import type { WithdrawalView } from "./withdrawal-view.ts";

const SNAPSHOT_VERSION = 4;
const DEFAULT_LIMIT = 500;

/** While nobody listens. */
const NO_CAUSES: BalanceCause[] = [];

/** What says nothing of accounts and markets: half of all events. */
const PASSED_OVER: ReadonlySet<number> = new Set([
  EventKind.levelChanged,
  EventKind.rejected,
  EventKind.timeAdvanced,
  EventKind.indicative,
]);

/** A market's rules, what trades in it cost now, and what it allows. */
export interface MarketView extends MarketRules, FeeRates {
  readonly phase: PhaseName;
}

/** Which orders or fills to read: at most `limit` (500 unless told otherwise), the newest unless counted from an id on. */
export interface OrderRange {
  readonly market?: number | undefined;
  readonly limit?: number | undefined;
  readonly fromOrderId?: number | undefined;
}

type EventOf<Kind extends VenueEvent["kind"]> = Extract<VenueEvent, { readonly kind: Kind }>;

/**
 * What the venue and each account look like at the last acknowledged command: registries, open orders, those done
 * recently, fills and balances. A gateway answers from it, so that who was acknowledged reads what it wrote.
 *
 * Of each account the last 1,000 orders that are done and the last 1,000 fills are kept; SQL has the rest. What is
 * answered is a copy: it does not change afterwards.
 */
export class Views implements View {
  readonly name = "views";
  #sequence = 0;
  #time = 0;
  #rules = OLDEST_RULES;
  #assets: AssetRegistry = new AssetRegistry();
  #markets: MarketRegistry = new MarketRegistry();
  #fees: FeeSchedule = new FeeSchedule();
  /** As they were answered last, until something about a market changes: every order asks for its market. */
  readonly #marketViews: Map<number, MarketView> = new Map();
  /** Of the markets whose phase is not the one that they began with. */
  #phases: Map<number, PhaseName> = new Map();
  #accounts: AccountRegistry = new AccountRegistry();
  #activities: Map<number, AccountActivity> = new Map();
  #balances: Map<number, BalanceRow> = new Map();
  // What the events before this one of the same command said.
  #orderName = "";
  #list: EventOf<"list_accepted"> | undefined;
  #listName = "";
  #trade: EventOf<"trade"> | undefined;
  /** Those that are being written, in slices. */
  readonly #snapshots: Set<ActivitiesSnapshot> = new Set();
  /** And why they were touched, as far as somebody listens. */
  readonly #touchedBalances: Map<BalanceRow, BalanceCause[]> = new Map();
  /** Of the entry before this event. */
  readonly #postedBalances: BalanceRow[] = [];
  readonly #listeners: Set<AccountListener> = new Set();
  readonly #changes: { account: number; change: AccountChange; sequence: number }[] = [];
  #followedFrom = 0;

  /** Sequence number of the last command whose events were followed. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Its time, in milliseconds since 1970-01-01 UTC. */
  get time(): number {
    return this.#time;
  }

  /** What came after this sequence number was followed, and listeners heard it; what came before was restored from a snapshot. */
  get followedFrom(): number {
    return this.#followedFrom;
  }

  /** The number of the rules by which the venue goes. */
  get rules(): number {
    return this.#rules;
  }

  assets(): Asset[] {
    return Array.from(this.#assets.all(), assetView);
  }

  asset(codeOrNumber: string | number): Asset | undefined {
    const asset =
      typeof codeOrNumber === "string"
        ? this.#assets.byCode(codeOrNumber)
        : this.#assets.get(codeOrNumber);
    return asset && assetView(asset);
  }

  markets(): MarketView[] {
    return Array.from(this.#markets.all(), (market) => this.#marketView(market));
  }

  market(symbolOrNumber: string | number): MarketView | undefined {
    const market =
      typeof symbolOrNumber === "string"
        ? this.#markets.bySymbol(symbolOrNumber)
        : this.#markets.get(symbolOrNumber);
    return market && this.#marketView(market);
  }

  accounts(): Account[] {
    return Array.from(this.#accounts.all(), (account) => ({ ...account }));
  }

  account(nameOrNumber: string | number): Account | undefined {
    const account =
      typeof nameOrNumber === "string"
        ? this.#accounts.byName(nameOrNumber)
        : this.#accounts.get(nameOrNumber);
    return account && { ...account };
  }

  /** What an order of the account in the market is charged that is placed now. */
  fees(account: number, market: number): FeeRates {
    return this.#fees.of(market, this.#accounts.get(account)?.tier ?? 0);
  }

  /** Those that are held and those that ended recently, by ascending number. */
  withdrawals(account: number): WithdrawalView[] {
    const activity = this.#activities.get(account);
    if (activity === undefined) return [];
    const all = [...activity.endedWithdrawals.all(), ...activity.withdrawals.values()];
    return all.sort((one, other) => one.withdrawal - other.withdrawal);
  }

  /** By ascending id; of all markets or one. */
  openOrders(account: number, market?: number): OrderView[] {
    const open = this.#activities.get(account)?.open.values() ?? [];
    return Array.from(open).filter(inMarket(market)).map(copied);
  }

  /** Among open orders first, then among those done most recently. */
  order(
    account: number,
    by: { readonly orderId: number } | { readonly clientOrderId: string },
  ): OrderView | undefined {
    const activity = this.#activities.get(account);
    const order = "orderId" in by ? activity?.byId(by.orderId) : activity?.byName(by.clientOrderId);
    return order && copied(order);
  }

  /** Open and recently done, by ascending id. */
  orders(account: number, range: OrderRange = {}): OrderView[] {
    const { market, limit = DEFAULT_LIMIT, fromOrderId } = range;
    const orders = this.#activities.get(account)?.all().filter(inMarket(market)) ?? [];
    if (fromOrderId === undefined) return newest(orders, limit).map(copied);
    return orders
      .filter(({ orderId }) => orderId >= fromOrderId)
      .slice(0, limit)
      .map(copied);
  }

  /** By ascending trade id. */
  fills(account: number, range: FillRange = {}): FillView[] {
    return this.#activities.get(account)?.fills.read(range) ?? [];
  }

  /** Every asset that the account has had, in the order in which it first came. */
  balances(account: number): BalanceView[] {
    return (this.#activities.get(account)?.balances ?? []).map(balanceView);
  }

  /** Calls the listener with every change of every account, until the returned function is called. */
  onAccount(listener: AccountListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  apply(events: RecordViews, from: number, to: number): void {
    for (let offset = from; offset < to; offset += recordLength(events, offset)) {
      const kind = recordKind(events, offset);
      if (kind === LedgerRecordKind.entry) this.#followBalances(events, offset);
      else if (!PASSED_OVER.has(kind)) this.#follow(decodeVenueEvent(events, offset));
    }
    this.#endCommand();
    for (const { account, change, sequence } of this.#changes.splice(0)) {
      for (const listener of this.#listeners) listener(account, change, sequence);
    }
  }

  snapshot(): Uint8Array {
    const whole = new ActivitiesSnapshot(this.#writeHead(), this.#activities, () => undefined);
    while (whole.slice());
    return whole.finished();
  }

  /** `sliceBytes` is the least that a slice writes: half a millisecond's work unless told. */
  beginSnapshot(sliceBytes?: number): SlicedSnapshot {
    const begun = new ActivitiesSnapshot(
      this.#writeHead(),
      this.#activities,
      () => this.#snapshots.delete(begun),
      sliceBytes,
    );
    this.#snapshots.add(begun);
    return begun;
  }

  #writeHead(): FieldWriter {
    const writer = new FieldWriter();
    writer.row(SNAPSHOT_VERSION, this.#sequence, this.#time, this.#rules);
    this.#assets.write(writer);
    this.#markets.write(writer);
    this.#fees.write(writer);
    writer.list(this.#phases, ([market, phase]) => writer.row(market, Phase[phase]));
    this.#accounts.write(writer);
    return writer;
  }

  restore(bytes: Uint8Array): void {
    const reader = new FieldReader(recordViews(bytes), 0, bytes.length);
    const version = reader.number();
    if (version !== SNAPSHOT_VERSION) {
      throw new RangeError(`expected views snapshot version ${SNAPSHOT_VERSION}, was ${version}`);
    }
    this.#sequence = reader.number();
    this.#followedFrom = this.#sequence;
    this.#time = reader.number();
    this.#rules = reader.number();
    this.#assets = AssetRegistry.read(reader);
    this.#markets = MarketRegistry.read(reader, (rules) => rules);
    this.#fees = FeeSchedule.read(reader);
    this.#marketViews.clear();
    this.#phases = new Map(
      reader.list(() => [reader.number(), phaseName(reader.number())] as const),
    );
    this.#accounts = AccountRegistry.read(reader);
    this.#activities = new Map(
      reader.list(() => {
        const account = reader.number();
        return [account, AccountActivity.read(reader, account)] as const;
      }),
    );
    reader.finish();
    this.#balances = new Map();
    for (const { balances } of this.#activities.values()) {
      for (const balance of balances) this.#balances.set(balance.ledgerAccount, balance);
    }
  }

  #follow(event: VenueEvent): void {
    switch (event.kind) {
      case "applied":
        this.#beginCommand(event);
        break;
      case "asset_added":
        this.#assets.add(event);
        break;
      case "market_listed":
      case "rules_changed":
        this.#marketViews.clear();
        this.#listMarket(event);
        break;
      case "phase_changed":
        this.#marketViews.clear();
        this.#phases.set(event.market, event.phase);
        break;
      case "fees_set":
        this.#marketViews.clear();
        this.#fees.set(event.market, event.tier, event);
        break;
      case "account_opened":
        this.#open(event);
        break;
      case "ledger_account_opened":
        this.#openBalance(event);
        break;
      case "account_status_set":
        this.#accounts.setStatus(event.account, event.status);
        break;
      case "account_tier_set":
        this.#accounts.setTier(event.account, event.tier);
        break;
      case "withdrawal_held":
        this.#withdraw(event);
        break;
      case "withdrawal_ended":
        this.#endWithdrawal(event);
        break;
      case "trade_busted":
        this.#bust(event);
        break;
      case "rules_raised":
        this.#rules = event.rules;
        break;
      case "order_named":
        this.#orderName = event.clientOrderId;
        break;
      case "list_accepted":
        this.#list = event;
        this.#listName = this.#orderName;
        this.#orderName = "";
        break;
      case "accepted":
        this.#place(event, this.#stateOf(event));
        break;
      case "pending":
        this.#place(event, "pending");
        break;
      case "activated":
        this.#activate(event);
        break;
      case "triggered":
        this.#wake(event);
        break;
      case "repegged":
        this.#repeg(event);
        break;
      case "amended":
        this.#amend(event);
        break;
      case "reduced":
        this.#reduce(event);
        break;
      case "prevented":
        this.#prevent(event);
        break;
      case "trade":
        this.#trade = event;
        break;
      case "trade_settled":
        this.#settle(event);
        break;
      case "held":
        this.#hold(event);
        break;
      case "done":
        this.#close(event);
        break;
    }
  }

  #beginCommand({ sequence, time }: EventOf<"applied">): void {
    this.#endCommand();
    this.#sequence = sequence;
    this.#time = time;
    this.#orderName = "";
    this.#list = undefined;
  }

  #endCommand(): void {
    for (const [row, causes] of this.#touchedBalances) {
      if (!this.#isHeard) break;
      this.#tell(row.account, { kind: "balance", balance: balanceView(row), causes });
    }
    this.#touchedBalances.clear();
  }

  #listMarket({ kind: _, ...rules }: EventOf<"market_listed"> | EventOf<"rules_changed">): void {
    this.#markets.list(rules);
  }

  #open({ account, name }: EventOf<"account_opened">): void {
    this.#accounts.open({ account, name });
    this.#activities.set(account, new AccountActivity(account));
  }

  #openBalance({ owner, asset, ledgerAccount, accountKind }: LedgerAccountOpened): void {
    if (accountKind !== "customer") return;
    const account = Number(owner);
    const row = { account, asset, ledgerAccount, balance: 0n, held: 0n, withdrawing: 0n };
    this.#changing(account)?.balances.push(row);
    this.#balances.set(ledgerAccount, row);
  }

  #place(event: EventOf<"accepted"> | EventOf<"pending">, state: OrderState): void {
    // Written out: a spread costs more than all the rest of placing.
    const order: OrderRow = {
      orderId: event.orderId,
      clientOrderId: this.#orderName,
      account: event.account,
      market: event.market,
      side: event.side,
      type: event.type,
      timeInForce: event.timeInForce,
      price: event.price,
      quantity: event.quantity,
      quoteQuantity: event.quoteQuantity,
      executedQuantity: 0,
      executedNotional: 0,
      preventedQuantity: 0,
      listId: this.#list?.listId ?? 0,
      status: "open",
      state,
      reason: "",
      placedAt: this.#time,
      updatedAt: this.#time,
      workingAt: state === "resting" ? this.#time : 0,
      sequence: this.#sequence,
    };
    if (this.#list !== undefined) {
      order.contingency = this.#list.contingency;
      if (this.#listName !== "") order.clientListId = this.#listName;
    }
    if (event.conditions !== undefined) order.conditions = event.conditions;
    this.#orderName = "";
    this.#changing(order.account)?.place(order);
    this.#tellOrder(order, "placed");
  }

  /** Of an order that is accepted, or activated. A pegged one begins without a price. */
  #stateOf({ market, timeInForce, conditions }: EventOf<"accepted">): OrderState {
    if (timeInForce === "at_close" && this.#phaseOf(market) !== "closing_auction") return "waiting";
    if (conditions === undefined) return "resting";
    const waits = conditions.trigger ?? conditions.peg ?? conditions.allOrNone;
    return waits === undefined ? "resting" : "waiting";
  }

  /** A pending order's list calls for it, or a waiting one's auction. */
  #activate(event: EventOf<"activated">): void {
    this.#changeOrder(event, "activated", (order) => {
      const wasPending = order.state === "pending";
      order.state = wasPending ? this.#stateOf({ ...event, kind: "accepted" }) : "resting";
      order.price = event.price;
      order.quantity = event.quantity;
      order.quoteQuantity = event.quoteQuantity;
      if (order.state === "resting") order.workingAt = this.#time;
    });
  }

  #wake(event: EventOf<"triggered">): void {
    this.#changeOrder(event, "triggered", (order) => {
      order.state = event.conditions.allOrNone === true ? "waiting" : "resting";
      order.price = event.price;
      if (order.state === "resting") order.workingAt = this.#time;
    });
  }

  #repeg(event: EventOf<"repegged">): void {
    this.#changeOrder(event, "repegged", (order) => {
      order.state = event.price === 0 ? "waiting" : "resting";
      if (order.state === "resting") order.workingAt = this.#time;
    });
  }

  #amend(event: EventOf<"amended">): void {
    this.#changeOrder(event, "amended", (order) => {
      order.price = event.price;
      order.quantity = event.quantity;
    });
  }

  #reduce(event: EventOf<"reduced">): void {
    this.#changeOrder(event, "reduced", (order) => {
      order.quantity -= event.quantity;
    });
  }

  #prevent({ quantity, ...event }: EventOf<"prevented">): void {
    if (quantity === 0) return;
    const loses = (order: OrderRow): void => {
      order.preventedQuantity += quantity;
    };
    const { makerAccount, makerOrderId, takerAccount, takerOrderId } = event;
    this.#changeOrder({ account: makerAccount, orderId: makerOrderId }, "prevented", loses);
    this.#changeOrder({ account: takerAccount, orderId: takerOrderId }, "prevented", loses);
  }

  #changeOrder(
    { account, orderId }: { readonly account: number; readonly orderId: number },
    cause: OrderCause,
    change: (order: OrderRow) => void,
  ): void {
    const order = this.#changing(account)?.open.get(orderId);
    if (order === undefined) return;
    change(order);
    order.updatedAt = this.#time;
    order.sequence = this.#sequence;
    this.#tellOrder(order, cause);
  }

  #phaseOf(market: number): PhaseName {
    return this.#phases.get(market) ?? "open";
  }

  /** Of a trade's entry nothing else is of interest: what is told after it, of a bust too, says why. */
  #followBalances(events: RecordViews, offset: number): void {
    this.#postedBalances.length = 0;
    eachPosting(events, offset, (account, balanceAt) => {
      const row = this.#changingBalance(account);
      if (row === undefined) return;
      row.balance = readAmount(events, balanceAt);
      this.#touch(row);
      this.#postedBalances.push(row);
    });
    if (!this.#isHeard || this.#trade !== undefined) return;
    const { number: entry, kind: entryKind } = decodeEntry(events, offset);
    if (entryKind !== "trade_bust") this.#postedBecause({ kind: "entry", entry, entryKind });
  }

  /** A balance is told at the end of the command, with every cause once. */
  #touch(row: BalanceRow, cause?: BalanceCause): void {
    const causes = this.#touchedBalances.get(row) ?? (this.#isHeard ? [] : NO_CAUSES);
    this.#touchedBalances.set(row, causes);
    if (cause === undefined || !this.#isHeard) return;
    for (const known of causes) if (known === cause || isSameCause(known, cause)) return;
    causes.push(cause);
  }

  #postedBecause(cause: BalanceCause): void {
    for (const row of this.#postedBalances) this.#touch(row, cause);
  }

  #hold({ ledgerAccount, orderId, total }: Held): void {
    const row = this.#changingBalance(ledgerAccount);
    if (row === undefined) return;
    row.held = total;
    this.#touch(row, { kind: "order", orderId });
  }

  #withdraw(event: EventOf<"withdrawal_held">): void {
    const { kind: _, ledgerAccount, total, ...terms } = event;
    const at = this.#time;
    const held = { ...terms, status: "held", outcome: "", heldAt: at, updatedAt: at } as const;
    this.#changing(event.account)?.withdrawals.set(event.withdrawal, held);
    this.#changeWithdrawing(event.withdrawal, ledgerAccount, event.amount, total);
    if (this.#isHeard) this.#tell(event.account, { kind: "withdrawal", withdrawal: held });
  }

  #endWithdrawal({ withdrawal, account, ...event }: EventOf<"withdrawal_ended">): void {
    const activity = this.#changing(account);
    const held = activity?.withdrawals.get(withdrawal);
    if (activity === undefined || held === undefined) return;
    const { outcome: status, reference: outcome } = event;
    const ended = { ...held, status, outcome, updatedAt: this.#time };
    activity.withdrawals.delete(withdrawal);
    activity.endedWithdrawals.add(ended);
    this.#changeWithdrawing(withdrawal, event.ledgerAccount, -held.amount, event.total);
    if (this.#isHeard) this.#tell(account, { kind: "withdrawal", withdrawal: ended });
  }

  #changeWithdrawing(
    withdrawal: number,
    ledgerAccount: number,
    change: bigint,
    total: bigint,
  ): void {
    const row = this.#changingBalance(ledgerAccount);
    if (row === undefined) return;
    row.withdrawing += change;
    row.held = total;
    this.#touch(row, { kind: "withdrawal", withdrawal });
  }

  /** Each side's fill says so from now on. */
  #bust({ tradeId, buyer, seller, entry }: EventOf<"trade_busted">): void {
    this.#postedBecause({ kind: "bust", entry, tradeId });
    for (const account of new Set([buyer, seller])) {
      const busted = this.#changing(account)?.fills.bust(tradeId) ?? [];
      if (!this.#isHeard) continue;
      for (const fill of busted) this.#tell(account, { kind: "bust", fill });
    }
  }

  #settle(settled: TradeSettled): void {
    const trade = this.#trade;
    if (trade === undefined) return;
    this.#fill(trade, true, settled.makerFee, settled.makerFeeAsset);
    this.#fill(trade, false, settled.takerFee, settled.takerFeeAsset);
    if (this.#isHeard) this.#paid(trade, settled.entry);
    this.#trade = undefined;
  }

  /** What each side paid and received, it did for its order. */
  #paid(trade: EventOf<"trade">, entry: number): void {
    const { tradeId, makerAccount, makerOrderId, takerAccount, takerOrderId } = trade;
    const ofMaker: BalanceCause = { kind: "fill", entry, tradeId, orderId: makerOrderId };
    const ofTaker: BalanceCause = { kind: "fill", entry, tradeId, orderId: takerOrderId };
    for (const row of this.#postedBalances) {
      if (row.account === makerAccount) this.#touch(row, ofMaker);
      if (row.account === takerAccount) this.#touch(row, ofTaker);
    }
  }

  #fill(trade: EventOf<"trade">, isMaker: boolean, fee: bigint, feeAsset: number): void {
    const account = isMaker ? trade.makerAccount : trade.takerAccount;
    const orderId = isMaker ? trade.makerOrderId : trade.takerOrderId;
    const activity = this.#changing(account);
    const order = activity?.open.get(orderId);
    if (activity === undefined || order === undefined) return;
    const { tradeId, market, price, quantity } = trade;
    order.executedQuantity += quantity;
    if (order.workingAt === 0) order.workingAt = this.#time;
    order.executedNotional += price * quantity;
    order.updatedAt = this.#time;
    order.sequence = this.#sequence;
    if (order.executedQuantity + order.preventedQuantity === order.quantity) {
      order.status = "filled";
      order.reason = "filled";
    }
    const fill: FillView = {
      tradeId,
      orderId,
      account,
      market,
      side: order.side,
      price,
      quantity,
      isMaker,
      fee,
      feeAsset,
      at: this.#time,
      sequence: this.#sequence,
      isBusted: false,
    };
    activity.fills.add(fill);
    if (this.#isHeard) this.#tell(account, { kind: "fill", fill, order: copied(order) });
  }

  #close({ account, orderId, reason }: EventOf<"done">): void {
    const activity = this.#changing(account);
    const order = activity?.open.get(orderId);
    if (activity === undefined || order === undefined) return;
    const toldByItsFill = order.status === "filled";
    order.status = statusOf(reason, order.executedQuantity);
    order.reason = reason;
    order.updatedAt = this.#time;
    order.sequence = this.#sequence;
    activity.close(order);
    if (!toldByItsFill) this.#tellOrder(order, "done");
  }

  /** What an account has done, which is about to change. */
  #changing(account: number): AccountActivity | undefined {
    for (const snapshot of this.#snapshots) snapshot.before(account);
    return this.#activities.get(account);
  }

  #changingBalance(ledgerAccount: number): BalanceRow | undefined {
    const row = this.#balances.get(ledgerAccount);
    if (row !== undefined) for (const snapshot of this.#snapshots) snapshot.before(row.account);
    return row;
  }

  get #isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  #tellOrder(order: OrderRow, cause: OrderCause): void {
    if (this.#isHeard) this.#tell(order.account, { kind: "order", cause, order: copied(order) });
  }

  #tell(account: number, change: AccountChange): void {
    this.#changes.push({ account, change, sequence: this.#sequence });
  }

  #marketView(rules: MarketRules): MarketView {
    const known = this.#marketViews.get(rules.market);
    if (known !== undefined) return known;
    const fees = this.#fees.of(rules.market, 0);
    const view = { ...rules, ...fees, phase: this.#phaseOf(rules.market) };
    this.#marketViews.set(rules.market, view);
    return view;
  }
}

const assetView = ({ asset, code, decimals }: Asset): Asset => ({ asset, code, decimals });

const balanceView = ({ asset, balance, held, withdrawing }: BalanceRow): BalanceView => ({
  asset,
  balance,
  held,
  withdrawing,
  available: balance - held,
});

const copied = (order: OrderRow): OrderView => ({ ...order });

const inMarket =
  (market: number | undefined) =>
  (order: OrderRow): boolean =>
    market === undefined || order.market === market;

const newest = <T>(items: readonly T[], limit: number): T[] =>
  limit > 0 ? items.slice(-limit) : [];
