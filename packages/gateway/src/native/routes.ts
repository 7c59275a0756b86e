import { ACCOUNT_ROUTES } from "./account-routes.ts";
import { apiPage } from "./api-page.ts";
import { asyncApiDocument } from "./async-api.ts";
import { MARKET_ROUTES } from "./market-routes.ts";
import type { NativeRoute } from "./native-services.ts";
import { type OpenApiDocument, openApiDocument } from "./open-api.ts";
import { ORDER_ROUTES } from "./order-routes.ts";

const described = [...MARKET_ROUTES, ...ACCOUNT_ROUTES, ...ORDER_ROUTES];

/** Made when it is first asked for. */
let document: OpenApiDocument | undefined;

const documentOf = (): OpenApiDocument => {
  document ??= openApiDocument(ROUTES);
  return document;
};

const description: NativeRoute = {
  method: "GET",
  path: "/v1/openapi.json",
  access: "public",
  summary: "This description, in OpenAPI 3.1.",
  run: () => {
    return { json: documentOf() };
  },
};

const page: NativeRoute = {
  method: "GET",
  path: "/v1/docs",
  access: "public",
  summary: "This description as a page to read.",
  run: () => {
    return { html: apiPage(documentOf()) };
  },
};

let streams: object | undefined;

const streamDescription: NativeRoute = {
  method: "GET",
  path: "/v1/asyncapi.json",
  access: "public",
  summary: "What is said over WebSocket, in AsyncAPI 3.0.",
  run: () => {
    streams ??= asyncApiDocument();
    return { json: streams };
  },
};

/** Everything that may be asked by REST. */
export const ROUTES: readonly NativeRoute[] = [...described, description, page, streamDescription];
