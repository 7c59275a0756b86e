import { element, setText } from "./element.ts";
import { fetchMarkets, fetchTicker, tickerOf } from "./exchange-api.ts";
import type { Market } from "./market.ts";
import { MarketScreen } from "./market-screen.ts";
import { type ConnectionState, MarketStream } from "./market-stream.ts";
import { MarketTabs } from "./market-tabs.ts";

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
  const socketBase = document.baseURI.replace(/^http/, "ws");
  setText(element("rest-address"), new URL("api/v3", document.baseURI).href);
  setText(element("stream-address"), new URL("stream", socketBase).href);
  setText(element("native-address"), new URL("v1", document.baseURI).href);
};

/** On a narrow screen the book and the tape share a place. */
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
  const screen = new MarketScreen(stream);
  const tabs = new MarketTabs(markets, (market) => {
    location.hash = market.name;
  });
  const show = (): void => {
    const market = chosenByAddress();
    if (market === undefined) return;
    tabs.select(market);
    screen.show(market);
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
