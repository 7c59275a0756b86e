import { z } from "zod";
import type { NativeRoute } from "./native-services.ts";

/**
 * The native API as an OpenAPI 3.1 document: what may be sent, from the very schemas that judge it, and the form of every
 * refusal.
 */
export const openApiDocument = (routes: readonly NativeRoute[]): object => {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    paths[route.path] = path;
    path[route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Pincex",
      version: "1",
      description:
        "Decimals and ids are strings, times RFC 3339 with milliseconds. Signed is timestamp + method + path with query + body, exactly as sent: by HMAC-SHA256 in hexadecimal, or by Ed25519 or RSA in base64, as the key is.",
    },
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: {
        key: { type: "apiKey", in: "header", name: "pincex-key" },
        timestamp: { type: "apiKey", in: "header", name: "pincex-timestamp" },
        signature: { type: "apiKey", in: "header", name: "pincex-signature" },
      },
    },
  };
};

interface JsonSchema {
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

/** As it is sent: before texts become numbers. */
const schemaOf = (schema: z.ZodType): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest as JsonSchema;
};

const operationOf = (route: NativeRoute): object => ({
  operationId: `${route.method.toLowerCase()}${route.path.replace(/[^a-z]+/g, "_")}`,
  summary: route.summary,
  parameters: [...pathParameters(route), ...queryParameters(route)],
  ...(route.body === undefined
    ? {}
    : {
        requestBody: {
          required: true,
          content: { "application/json": { schema: schemaOf(route.body) } },
        },
      }),
  ...(route.access === "public" ? {} : { security: [{ key: [], timestamp: [], signature: [] }] }),
  responses: {
    [route.creates === true ? "201" : "200"]: {
      description: "Done.",
      content: { "application/json": { schema: { type: "object" } } },
    },
    default: {
      description: "Refused, and why.",
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    },
  },
});

const pathParameters = ({ path }: NativeRoute): object[] =>
  Array.from(path.matchAll(/\{([a-z]+)\}/g), ([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));

const queryParameters = ({ query }: NativeRoute): object[] => {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(query);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
};

/** The form of every refusal, as `ProblemDocument` has it. */
export const PROBLEM = {
  type: "object",
  required: ["type", "title", "status", "code", "field", "rule", "retryable", "executed"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string", description: "Stable, a sentence." },
    field: { type: ["string", "null"], description: "What of the request is at fault." },
    rule: { type: "string", description: "What would have been right." },
    retryable: {
      type: "boolean",
      description: "Whether the same request may succeed later without a change.",
    },
    executed: {
      enum: ["no", "unknown"],
      description: "unknown: ask for the order before trying again.",
    },
    needed: { type: "string" },
    available: { type: "string" },
  },
} as const;
