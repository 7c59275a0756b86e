import type { IncomingMessage, ServerResponse } from "node:http";
import type { Gateway } from "../gateway.ts";
import { toNodeListener } from "./node-listener.ts";

/** A middleware as Express and Connect take it. */
export type ExpressMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;

/**
 * The gateway as a middleware of Express: `app.use(expressMiddleware(gateway))`. What is not the gateway's goes to the next.
 *
 * It stands before `express.json()` and its like, because clients sign the body's bytes. Where it can't, they keep the bytes:
 * `express.json({ verify: (request, _, bytes) => { request.rawBody = bytes; } })`.
 *
 * @example
 * const app = express();
 * app.use(expressMiddleware(gateway));
 * app.use(express.json());
 * takeUpgrades(app.listen(8080), gateway);
 */
export const expressMiddleware = (gateway: Gateway): ExpressMiddleware => {
  return (request, response, next) => {
    toNodeListener(gateway, { fallback: () => next() })(request, response);
  };
};
