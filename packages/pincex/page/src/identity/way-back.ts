/** The trading page, at the market that somebody came from. Only a market's name is taken from the address. */
export const tradingAddress = (): string => {
  const market = new URLSearchParams(location.search).get("market");
  return market === null ? "./" : `./#${encodeURIComponent(market)}`;
};

/** Whether somebody came from the trading page to sign in, and wants to go on there. */
export const cameFromTrading = (): boolean => new URLSearchParams(location.search).has("market");

/** The account page, with the way back to the market that is shown. */
export const accountAddress = (screen: string): string => {
  const market = decodeURIComponent(location.hash.slice(1));
  return `./account.html?market=${encodeURIComponent(market)}#${screen}`;
};
