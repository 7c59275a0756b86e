import { afterAll, beforeAll, expect, test } from "vitest";
import { NativeClient } from "../testing/clients.ts";
import { openTestExchange, type TestExchange } from "../testing/test-exchange.ts";
import { ROUTES } from "./routes.ts";

let exchange: TestExchange;
// biome-ignore lint/suspicious/noExplicitAny: tests look into any answer
let document: any;

beforeAll(async () => {
  exchange = await openTestExchange();
  const anybody = new NativeClient(exchange.http);
  document = (await anybody.request("GET", "/v1/openapi.json")).json;
});
afterAll(() => exchange.stop());

test("describes every route, and whether it is signed", () => {
  expect(document.openapi).toBe("3.1.0");
  for (const { path, method, access, summary } of ROUTES) {
    const operation = document.paths[path][method.toLowerCase()];
    expect(operation.summary).toBe(summary);
    expect(operation.security === undefined).toBe(access === "public");
  }
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path as object).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ROUTES.length);
});

test("says of an order what its schema says", () => {
  const { requestBody, responses } = document.paths["/v1/orders"].post;
  const { schema } = requestBody.content["application/json"];
  expect(schema).toMatchObject({
    type: "object",
    additionalProperties: false,
    required: ["market", "side", "type"],
    properties: {
      side: { enum: ["buy", "sell"] },
      trigger: { enum: ["stop", "take_profit", "trailing_stop"] },
      trailingBasisPoints: { type: "integer", minimum: 1, maximum: 9_999 },
    },
  });
  expect(schema.properties.tradeGroup).toBeUndefined();
  expect(Object.keys(responses)).toEqual(["201", "default"]);
});

test("says what stands in the path and in the query, as it is sent", () => {
  expect(document.paths["/v1/markets/{market}/candles"].get.parameters).toMatchObject([
    { name: "market", in: "path", required: true },
    { name: "interval", in: "query", required: true, schema: { type: "string" } },
    { name: "from", in: "query", required: false },
    { name: "to", in: "query" },
    { name: "limit", in: "query", schema: { type: "string" } },
  ]);
  const amend = document.paths["/v1/orders/{id}"].patch;
  expect(amend.parameters).toMatchObject([{ name: "id", in: "path" }]);
  const { properties } = amend.requestBody.content["application/json"].schema;
  expect(Object.keys(properties)).toEqual(["price", "quantity"]);
});

test("what it refers to is there", () => {
  const references = JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g);
  for (const [, pointer] of references) {
    const parts = (pointer as string).split("/").slice(1);
    expect(parts.reduce((node, part) => node?.[part], document)).toBeDefined();
  }
});
