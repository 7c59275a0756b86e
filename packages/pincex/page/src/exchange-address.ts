// The page lives beside the API, under whatever prefix the host mounted both.

/** The address of a path of the exchange. */
export const exchangeAddress = (path: string): URL => new URL(path, document.baseURI);

/** The same of a WebSocket. */
export const socketAddress = (path: string): URL =>
  new URL(path, document.baseURI.replace(/^http/, "ws"));
