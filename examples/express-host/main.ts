// A venue inside an Express app.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expressMiddleware, takeUpgrades } from "@pincex/gateway";
import express from "express";
import { trade } from "../demo-client.ts";
import { openDemoVenue } from "../demo-venue.ts";

const { gateway, close } = await openDemoVenue("/exchange");

const app = express();
// Before whatever parses bodies: clients sign the bytes.
app.use("/exchange", expressMiddleware(gateway));
app.use(express.json());
app.get("/hello", (_, response) => void response.send("hello"));
const server = app.listen(0);
takeUpgrades(server, gateway);
await once(server, "listening");

await trade((server.address() as AddressInfo).port, "/exchange");
await close();
server.close();
