import { Account } from "./account/account.ts";
import type { Order } from "./account/holdings.ts";
import { element, setText } from "./element.ts";
import { exchangeAddress, socketAddress } from "./exchange-address.ts";
import { fetchMarkets, fetchTicker, tickerOf } from "./exchange-api.ts";
import type { Market } from "./market.ts";
import { MarketScreen } from "./market-screen.ts";
import { type ConnectionState, MarketStream } from "./market-stream.ts";
import { MarketTabs } from "./market-tabs.ts";
import type { OwnPrices } from "./order-book-ladder.ts";
import { OrderDesk } from "./order-entry/order-desk.ts";
import { parseScaled } from "./scaled.ts";
import { ThemeSwitch } from "./theme-switch.ts";
import { mountTrading } from "./trading.tsx";

const RETRY_MS = 1_000;

const showConnection = (state: ConnectionState): void => {
  const texts = {
    connecting: "Connecting",
    live: "Live",
    waiting: state.is === "waiting" ? `Offline, again in ${state.seconds} s` : "",
  };
  element("connection").dataset["state"] = state.is;
  setText(element("connection"), texts[state.is]);
};

const showAddresses = (): void => {
  setText(element("rest-address"), exchangeAddress("api/v3").href);
  setText(element("stream-address"), socketAddress("stream").href);
  setText(element("native-address"), exchangeAddress("v1").href);
};

/** On a narrow screen the panels share a place. */
const wireSwitch = (): void => {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>("[data-show]")];
  const board = document.querySelector<HTMLElement>(".board");
  for (const button of buttons) {
    button.addEventListener("click", () => {
      if (board !== null) board.dataset["shown"] = button.dataset["show"] ?? "book";
      for (const other of buttons) other.ariaSelected = String(other === button);
    });
  }
};

/** Where the account's own orders stand in a market's book. */
const ownPrices = (market: Market | undefined, orders: readonly Order[]): OwnPrices => {
  const pricesOf = (side: "buy" | "sell"): number[] =>
    orders.flatMap((order) =>
      market !== undefined &&
      order.market === market.name &&
      order.side === side &&
      order.state === "resting" &&
      order.price !== null
        ? [parseScaled(order.price, market.priceDecimals)]
        : [],
    );
  return { buy: pricesOf("buy"), sell: pricesOf("sell") };
};

const start = (markets: readonly Market[]): void => {
  const chosenByAddress = (): Market | undefined =>
    markets.find(({ name }) => name === decodeURIComponent(location.hash.slice(1))) ?? markets[0];

  // A reload after the first opening would ask for everything twice.
  let openedBefore = false;
  const stream = new MarketStream({
    message: (name, data) => {
      if (name.endsWith("@ticker")) {
        const ticker = tickerOf(data);
        tabs.ticker(ticker);
        screen.ticker(ticker);
      } else screen.message(name, data);
    },
    state: showConnection,
    opened: () => {
      if (openedBefore) screen.reload();
      openedBefore = true;
    },
  });
  const desk = new OrderDesk();
  const account = new Account();
  const screen = new MarketScreen(stream, {
    picked: (price) => desk.pick(price),
    quotes: (bid, ask) => desk.quote({ bid, ask }),
  });
  new ThemeSwitch(() => screen.repaint());
  mountTrading(desk, account);
  account.book.onChange(() => screen.mark(ownPrices(desk.market, account.book.openOrders)));
  const tabs = new MarketTabs(markets, (market) => {
    location.hash = market.name;
  });
  const show = (): void => {
    const market = chosenByAddress();
    if (market === undefined) return;
    tabs.select(market);
    desk.show(market);
    screen.show(market);
    screen.mark(ownPrices(market, account.book.openOrders));
  };
  window.addEventListener("hashchange", show);
  stream.subscribe(markets.map(({ symbol }) => `${symbol.toLowerCase()}@ticker`));
  for (const market of markets) {
    // The stream repeats the ticker every second; a failure here only shows it that much later.
    fetchTicker(market).then(
      (ticker) => tabs.ticker(ticker),
      () => undefined,
    );
  }
  show();
};

const load = (): void => {
  fetchMarkets().then(start, () => setTimeout(load, RETRY_MS));
};

showAddresses();
wireSwitch();
load();
