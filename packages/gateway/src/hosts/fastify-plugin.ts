import type { IncomingMessage, ServerResponse } from "node:http";
import type { Gateway } from "../gateway.ts";
import { toNodeListener } from "./node-listener.ts";
import { takeUpgrades, type UpgradingServer } from "./take-upgrades.ts";

export interface FastifyRequestPart {
  readonly raw: object;
}

export interface FastifyReplyPart {
  readonly raw: object;
  hijack(): unknown;
  callNotFound(): unknown;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** What of a Fastify instance is used here: one over HTTP/1.1. */
export interface FastifyPart {
  readonly server: UpgradingServer;
  addHook(
    name: "onRequest",
    hook: (request: FastifyRequestPart, reply: FastifyReplyPart, done: () => void) => void,
  ): unknown;
  route(options: { method: (typeof METHODS)[number][]; url: string; handler: () => void }): unknown;
}

/** The hook has answered before. */
const neverReached = (): void => {};

/**
 * The gateway as a plugin of Fastify: `fastify.register(fastifyPlugin(gateway))`. It takes WebSocket upgrades, too.
 *
 * Requests are taken before Fastify parses bodies: it would refuse an empty one that is called JSON, as some clients send it, and a
 * form. The host's own hooks and routes go before; what is neither's is answered by the host's own "not found".
 *
 * @example
 * const fastify = Fastify();
 * await fastify.register(fastifyPlugin(gateway));
 * await fastify.listen({ port: 8080 });
 */
export const fastifyPlugin = (gateway: Gateway): ((fastify: FastifyPart) => Promise<void>) => {
  const listener = toNodeListener(gateway);
  const take = (request: FastifyRequestPart, reply: FastifyReplyPart): void => {
    // Over HTTP/1.1 they are Node's own; an instance over HTTP/2 has others, which look alike.
    const raw = request.raw as IncomingMessage;
    if (!gateway.owns(raw.url ?? "/")) {
      reply.callNotFound();
      return;
    }
    reply.hijack();
    listener(raw, reply.raw as ServerResponse);
  };
  return async (fastify) => {
    fastify.addHook("onRequest", take);
    fastify.route({ method: [...METHODS], url: "/*", handler: neverReached });
    takeUpgrades(fastify.server, gateway);
  };
};
