import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useChanges } from "../changes.ts";
import type { Account } from "./account.ts";
import type { Balance, Fill, Order } from "./holdings.ts";
import { OpenOrderRow } from "./open-order-row.tsx";
import {
  conditionWords,
  grouped,
  kindWords,
  momentWords,
  short,
  triggerWords,
} from "./order-words.ts";

interface AccountPanelProps {
  readonly account: Account;
  onSignIn(): void;
}

type Tab = "open" | "closed" | "fills" | "balances";

/** What the account has: open orders, what became of others, fills and balances, as the exchange tells them. */
export const AccountPanel = ({ account, onSignIn }: AccountPanelProps): JSX.Element => {
  useChanges(account, account.book);
  const [tab, setTab] = useState<Tab>("open");
  const { openOrders } = account.book;
  const tabs: readonly (readonly [Tab, string])[] = [
    ["open", `Open orders${openOrders.length > 0 ? ` (${openOrders.length})` : ""}`],
    ["closed", "Order history"],
    ["fills", "Fills"],
    ["balances", "Balances"],
  ];
  return (
    <>
      <div class="panel-head">
        <div class="choices" role="tablist" aria-label="Account">
          {tabs.map(([name, text]) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={name === tab}
              onClick={() => setTab(name)}
            >
              {text}
            </button>
          ))}
        </div>
        {tab === "open" && openOrders.length > 1 && (
          <button type="button" class="quiet" onClick={() => void account.cancelAll(undefined)}>
            Cancel all
          </button>
        )}
        {tab === "balances" && account.name !== undefined && (
          <span class="as-of">as of command {account.book.balancesAsOf}</span>
        )}
      </div>
      <div class="rows" role="tabpanel" aria-label={tabs.find(([name]) => name === tab)?.[1] ?? ""}>
        {account.name === undefined ? (
          <div class="nothing">
            <p>{account.signedOutBecause || "Orders, fills and balances of your account."}</p>
            <button type="button" class="primary" onClick={onSignIn}>
              Sign in
            </button>
          </div>
        ) : (
          <Rows tab={tab} account={account} />
        )}
      </div>
    </>
  );
};

const Rows = ({ tab, account }: { tab: Tab; account: Account }): JSX.Element => {
  const { book } = account;
  switch (tab) {
    case "open":
      return (
        <Table
          columns={["Time", "Market", "Side", "Type", "Price", "Quantity", "Trigger", "Filled", ""]}
          nothing="No open orders."
          rows={book.openOrders.map((order) => (
            <OpenOrderRow key={order.id} order={order} account={account} />
          ))}
        />
      );
    case "closed":
      return (
        <Table
          columns={[
            "Ended",
            "Market",
            "Side",
            "Type",
            "Price",
            "Quantity",
            "Trigger",
            "Executed",
            "Outcome",
          ]}
          nothing="No orders have ended yet."
          rows={book.closedOrders.map(closedOrderRow)}
        />
      );
    case "fills":
      return (
        <Table
          columns={["Time", "Market", "Side", "Price", "Quantity", "Fee", "Role", "Order"]}
          nothing="No fills yet."
          rows={book.fills.map(fillRow)}
        />
      );
    case "balances":
      return (
        <Table
          columns={["Asset", "Total", "Held by orders", "Available"]}
          nothing="No balances."
          rows={book.balances.map(balanceRow)}
        />
      );
  }
};

const NUMBERS: ReadonlySet<string> = new Set([
  "Price",
  "Quantity",
  "Trigger",
  "Filled",
  "Executed",
  "Fee",
  "Total",
  "Held by orders",
  "Available",
]);

interface TableProps {
  readonly columns: readonly string[];
  readonly nothing: string;
  readonly rows: readonly JSX.Element[];
}

const Table = ({ columns, nothing, rows }: TableProps): JSX.Element =>
  rows.length === 0 ? (
    <div class="nothing">
      <p>{nothing}</p>
    </div>
  ) : (
    <table>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col" class={NUMBERS.has(column) ? "number" : ""}>
              {column || <span class="unseen">Actions</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{rows}</tbody>
    </table>
  );

const closedOrderRow = (order: Order): JSX.Element => (
  <tr key={order.id} class={order.side} data-order={order.id}>
    <td data-label="Ended">{momentWords(order.updatedAt)}</td>
    <td data-label="Market">{order.market}</td>
    <td data-label="Side" class="side">
      {order.side === "buy" ? "Buy" : "Sell"}
    </td>
    <td data-label="Type">
      {kindWords(order)} <small>{conditionWords(order)}</small>
    </td>
    <td data-label="Price" class="number">
      {order.type === "market" ? "Market" : grouped(order.price)}
    </td>
    <td data-label="Quantity" class="number">
      {grouped(order.quantity ?? order.quoteQuantity)}
    </td>
    <td data-label="Trigger" class="number">
      {triggerWords(order) || "–"}
    </td>
    <td data-label="Executed" class="number">
      {grouped(order.executedQuantity)}
    </td>
    <td data-label="Outcome">{outcomeWords(order)}</td>
  </tr>
);

const outcomeWords = ({ status, reason }: Order): string => {
  const why = (reason ?? "").replaceAll("_", " ");
  return why === "" || why === status ? status : `${status}: ${why}`;
};

const fillRow = (fill: Fill): JSX.Element => (
  <tr key={`${fill.tradeId} ${fill.orderId}`} class={fill.side} data-trade={fill.tradeId}>
    <td data-label="Time">{momentWords(fill.at)}</td>
    <td data-label="Market">{fill.market}</td>
    <td data-label="Side" class="side">
      {fill.side === "buy" ? "Buy" : "Sell"}
    </td>
    <td data-label="Price" class="number">
      {grouped(fill.price)}
    </td>
    <td data-label="Quantity" class="number">
      {grouped(fill.quantity)}
    </td>
    <td data-label="Fee" class="number">
      {short(fill.fee)} {fill.feeAsset}
    </td>
    <td data-label="Role">{fill.busted ? `${fill.liquidity}, busted` : fill.liquidity}</td>
    <td data-label="Order">{fill.orderId}</td>
  </tr>
);

const balanceRow = ({ asset, total, held, available }: Balance): JSX.Element => (
  <tr key={asset} data-asset={asset}>
    <td data-label="Asset">
      <b>{asset}</b>
    </td>
    <td data-label="Total" class="number">
      {short(total)}
    </td>
    <td data-label="Held by orders" class="number held">
      {short(held)}
    </td>
    <td data-label="Available" class="number available">
      {short(available)}
    </td>
  </tr>
);
