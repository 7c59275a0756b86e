import { afterAll, beforeAll, expect, test } from "vitest";
import { NativeClient } from "../testing/clients.ts";
import { checkDescribed } from "../testing/described-answer.ts";
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

test("says of each answer what the tests judge it by", () => {
  const { responses } = document.paths["/v1/orders"].post;
  expect(responses["201"].content["application/json"].schema).toMatchObject({
    type: "object",
    additionalProperties: false,
    required: ["order", "fills"],
    properties: { order: { $ref: "#/components/schemas/Order" } },
  });
  expect(document.components.schemas.Order).toMatchObject({
    additionalProperties: false,
    properties: { status: { enum: ["open", "filled", "cancelled", "expired"] } },
  });
  expect(responses.default.content["application/problem+json"].schema).toEqual({
    $ref: "#/components/schemas/Problem",
  });
  expect(document.components.schemas.Problem.required).toContain("executed");
});

test("an answer that is not as described fails whatever test asked for it", () => {
  const time = { time: "2026-11-25T12:00:00.000Z", epochMs: 1 };
  checkDescribed("GET", "/v1/time", 200, time);
  expect(() => checkDescribed("GET", "/v1/time", 200, { ...time, more: 1 })).toThrow("more");
  expect(() => checkDescribed("GET", "/v1/orders/7?x=1", 200, { id: 7 })).toThrow("id");
  expect(() => checkDescribed("GET", "/v1/nothing", 404, { code: "route_unknown" })).toThrow();
});

test("can be read as a page that loads nothing", async () => {
  const answer = await fetch(`${exchange.http}/v1/docs`);
  expect(answer.headers.get("content-type")).toBe("text/html;charset=UTF-8");
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  const page = await answer.text();
  for (const { path, method, summary } of ROUTES) {
    expect(page).toContain(`<code>${method} ${path}</code>`);
    expect(page).toContain(summary);
  }
  const ids = new Set(Array.from(page.matchAll(/id="([^"]+)"/g), ([, id]) => id));
  for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
  expect(page).not.toMatch(/<script|src=|https?:/);
});

test("what it refers to is there", () => {
  const references = JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g);
  for (const [, pointer] of references) {
    const parts = (pointer as string).split("/").slice(1);
    expect(parts.reduce((node, part) => node?.[part], document)).toBeDefined();
  }
});
