import type { KeyMethod } from "../method.ts";

const ROUTE = "/api/v3/userDataStream";

export const listenKeyOpen: KeyMethod = {
  routes: [`POST ${ROUTE}`, "POST /api/v1/userDataStream"],
  name: "userDataStream.start",
  weight: 2,
  security: "key",
  run: async ({ listenKeys, apiKey }) => ({ listenKey: await listenKeys.open(apiKey) }),
};

export const listenKeyKeepAlive: KeyMethod = {
  routes: [`PUT ${ROUTE}`, "PUT /api/v1/userDataStream"],
  name: "userDataStream.ping",
  weight: 2,
  security: "key",
  run: async ({ listenKeys, apiKey, parameters }) => {
    await listenKeys.keepAlive(apiKey, parameters.text("listenKey"));
    return {};
  },
};

export const listenKeyEnd: KeyMethod = {
  routes: [`DELETE ${ROUTE}`, "DELETE /api/v1/userDataStream"],
  name: "userDataStream.stop",
  weight: 2,
  security: "key",
  run: async ({ listenKeys, apiKey, parameters }) => {
    await listenKeys.end(apiKey, parameters.text("listenKey"));
    return {};
  },
};
