import type { JsonSchema, OpenApiDocument, Operation } from "./open-api.ts";

/** The description of the API as a page to read: all in one, with nothing loaded from elsewhere, and no script. */
export const apiPage = ({ info, paths, components }: OpenApiDocument): string => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const contents = operations.map(
    ({ path, method, operation }) =>
      `<li><a href="#${operation.operationId}"><code>${method.toUpperCase()} ${escaped(path)}</code></a> ${escaped(operation.summary)}</li>`,
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<section id="schema-${name}"><h3>${name}</h3>${said(schema)}${fieldsOf(schema)}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)} API</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(info.title)} API</h1>
<p>${escaped(info.description)} For programs: <a href="openapi.json">openapi.json</a>.</p>
<ul>${contents.join("")}</ul>
${operations.map(({ path, method, operation }) => section(path, method, operation)).join("\n")}
<h2>What stands in them</h2>
${schemas.join("\n")}
</body>
</html>
`;
};

const STYLE = `:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
ul { list-style: none; padding: 0 }
section { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); margin-top: 2rem }
table { border-collapse: collapse; display: block; overflow-x: auto }
th, td { text-align: left; vertical-align: top; padding: .2rem 1rem .2rem 0 }
code { font-size: .9em }`;

const section = (path: string, method: string, operation: Operation): string => {
  const { operationId, summary, parameters, requestBody, security, responses } = operation;
  const body = requestBody?.content["application/json"]?.schema;
  const answers = Object.entries(responses).map(
    ([status, { content }]) =>
      `<h4>${status === "default" ? "Refused" : status}</h4>${Object.values(content)
        .map(({ schema }) => shown(schema))
        .join("")}`,
  );
  return `<section id="${operationId}">
<h3><code>${method.toUpperCase()} ${escaped(path)}</code></h3>
<p>${escaped(summary)}${security === undefined ? "" : " Signed."}</p>
${parameters.length === 0 ? "" : `<h4>Parameters</h4>${table(parameters.map((parameter) => row(parameter.name, parameter.schema, parameter.required, parameter.in)))}`}
${body === undefined ? "" : `<h4>Body</h4>${shown(body)}`}
${answers.join("")}
</section>`;
};

/** The fields of an object, or in a word what else it is. */
const shown = (schema: JsonSchema): string =>
  schema.properties === undefined ? `<p>${typeOf(schema)}</p>` : fieldsOf(schema);

const fieldsOf = ({ properties, required = [], ...schema }: JsonSchema): string => {
  if (properties === undefined) return `<p>${typeOf(schema)}</p>`;
  const rows = Object.entries(properties).map(([name, field]) =>
    row(name, field, required.includes(name), ""),
  );
  return rows.length === 0 ? "<p>object</p>" : table(rows);
};

const table = (rows: readonly string[]): string => `<table>${rows.join("")}</table>`;

const row = (name: string, schema: JsonSchema, isRequired: boolean, place: string): string =>
  `<tr><th scope="row"><code>${escaped(name)}</code></th><td>${place}</td><td>${isRequired ? "" : "optional"}</td><td>${typeOf(schema)}</td><td>${escaped(schema.description ?? "")}</td></tr>`;

const said = ({ description }: JsonSchema): string =>
  description === undefined ? "" : `<p>${escaped(description)}</p>`;

/** A schema in a few words, with links to those that have a name. */
const typeOf = (schema: JsonSchema): string => {
  const { $ref, enum: values, anyOf, items, prefixItems, properties, type } = schema;
  if ($ref !== undefined) {
    const name = $ref.slice($ref.lastIndexOf("/") + 1);
    return `<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return `<code>${escaped(JSON.stringify(schema.const))}</code>`;
  if (values !== undefined) {
    return values.map((value) => `<code>${escaped(String(value))}</code>`).join(" | ");
  }
  if (anyOf !== undefined) return anyOf.map(typeOf).join(" | ");
  if (prefixItems !== undefined) return `[${prefixItems.map(typeOf).join(", ")}]`;
  if (items !== undefined) return `list of ${typeOf(items)}`;
  if (properties !== undefined) return fieldsOf(schema);
  return escaped([type ?? "anything"].flat().join(" | "));
};

const SIGNS: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? sign);
