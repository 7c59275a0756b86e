// A venue inside a Hono app; so it goes with all that route standard requests.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import { takeUpgrades } from "@pincex/gateway";
import { Hono } from "hono";
import { trade } from "../demo-client.ts";
import { openDemoVenue } from "../demo-venue.ts";

const { gateway, close } = await openDemoVenue("/exchange");

const app = new Hono();
app.get("/hello", (context) => context.text("hello"));
// A standard request does not say where it came from; limits of addresses need it.
app.all("/exchange/*", (context) =>
  gateway.fetch(context.req.raw, { remoteAddress: getConnInfo(context).remote.address }),
);
const server = await new Promise<Server>((resolve) => {
  const started = serve({ fetch: app.fetch, port: 0 }, () => resolve(started as Server));
});
takeUpgrades(server, gateway);

await trade((server.address() as AddressInfo).port, "/exchange");
await close();
server.close();
