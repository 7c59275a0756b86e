import { z } from "zod";
import { answerSchemaOf, problemSchema } from "./answer-schemas.ts";
import type { NativeRoute } from "./native-services.ts";

/**
 * The native API as an OpenAPI 3.1 document: what may be sent, from the very schemas that judge it, and what is answered, from those
 * that the tests judge answers by.
 */
export const openApiDocument = (routes: readonly NativeRoute[]): OpenApiDocument => {
  const schemas: Record<string, object> = {};
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    paths[route.path] = path;
    path[route.method.toLowerCase()] = operationOf(route, schemas);
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
      schemas,
      securitySchemes: {
        key: { type: "apiKey", in: "header", name: "pincex-key" },
        timestamp: { type: "apiKey", in: "header", name: "pincex-timestamp" },
        signature: { type: "apiKey", in: "header", name: "pincex-signature" },
      },
    },
  };
};

/** What of a JSON schema is read here and on the page. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** A parameter of a request. */
interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** One thing that may be asked. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly security?: readonly object[];
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content: Content }>
  >;
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

/** What of an OpenAPI document is read here and on the page. */
export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
  };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: object;
  };
}

/** As it is sent: before texts become numbers. */
const schemaOf = (schema: z.ZodType): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest as JsonSchema;
};

/** As it is answered; what has a name goes into the document's components. */
const answerSchema = (schema: z.ZodType, schemas: Record<string, object>): JsonSchema => {
  const described = z.toJSONSchema(schema, { io: "output" });
  const text = JSON.stringify(described).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema: _, $defs = {}, id, ...rest } = JSON.parse(text);
  for (const [name, definition] of Object.entries($defs)) {
    const { id: __, ...named } = definition as { id?: string };
    schemas[name] = named;
  }
  if (id === undefined) return rest;
  schemas[id] = rest;
  return { $ref: `#/components/schemas/${id}` };
};

const answerContent = (route: NativeRoute, schemas: Record<string, object>): Content =>
  route.path === "/v1/docs"
    ? { "text/html": { schema: { type: "string" } } }
    : { "application/json": { schema: answerSchema(answerSchemaOf(route), schemas) } };

const operationOf = (route: NativeRoute, schemas: Record<string, object>): Operation => ({
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
      content: answerContent(route, schemas),
    },
    default: {
      description: "Refused, and why.",
      content: { "application/problem+json": { schema: answerSchema(problemSchema, schemas) } },
    },
  },
});

const pathParameters = ({ path }: NativeRoute): Parameter[] =>
  Array.from(path.matchAll(/\{([a-z]+)\}/g), ([, name]) => ({
    name: name as string,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));

const queryParameters = ({ query }: NativeRoute): Parameter[] => {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(query);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
};
