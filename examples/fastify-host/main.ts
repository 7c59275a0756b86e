// A venue inside a Fastify app.
import type { AddressInfo } from "node:net";
import { fastifyPlugin } from "@pincex/gateway";
import Fastify from "fastify";
import { trade } from "../demo-client.ts";
import { openDemoVenue } from "../demo-venue.ts";

const { gateway, close } = await openDemoVenue("/exchange");

const fastify = Fastify();
fastify.get("/hello", async () => "hello");
// The plugin reads bodies itself and takes WebSocket upgrades; the app's own routes keep Fastify's parsers.
await fastify.register(fastifyPlugin(gateway), { prefix: "/exchange" });
await fastify.listen({ port: 0 });

await trade((fastify.server.address() as AddressInfo).port, "/exchange");
await close();
await fastify.close();
