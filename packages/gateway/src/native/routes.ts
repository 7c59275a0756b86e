import { ACCOUNT_ROUTES } from "./account-routes.ts";
import { MARKET_ROUTES } from "./market-routes.ts";
import type { NativeRoute } from "./native-services.ts";
import { openApiDocument } from "./open-api.ts";
import { ORDER_ROUTES } from "./order-routes.ts";

const described = [...MARKET_ROUTES, ...ACCOUNT_ROUTES, ...ORDER_ROUTES];

/** Made when it is first asked for. */
let document: object | undefined;

const description: NativeRoute = {
  method: "GET",
  path: "/v1/openapi.json",
  access: "public",
  summary: "This description, in OpenAPI 3.1.",
  run: () => {
    document ??= openApiDocument([...described, description]);
    return { json: document };
  },
};

/** Everything that may be asked by REST. */
export const ROUTES: readonly NativeRoute[] = [...described, description];
