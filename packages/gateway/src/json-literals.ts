/**
 * The members of a JSON object with their values as they were written, undecoded.
 *
 * A WebSocket API client signs its numbers as it wrote them: `1e-05` in Python, which `JSON.parse` would give back as
 * 0.00001. Only the text knows. It must be valid JSON (parse it first) and an object; a name that stands twice counts
 * as it stands last, as in `JSON.parse`.
 */
export const memberLiterals = (object: string): Map<string, string> => {
  const members = new Map<string, string>();
  let at = skipSpace(object, object.indexOf("{") + 1);
  while (object[at] !== "}" && at < object.length) {
    const nameEnd = valueEnd(object, at);
    const name = JSON.parse(object.slice(at, nameEnd)) as string;
    const valueStart = skipSpace(object, object.indexOf(":", nameEnd) + 1);
    const end = valueEnd(object, valueStart);
    members.set(name, object.slice(valueStart, end));
    at = skipSpace(object, end);
    if (object[at] === ",") at = skipSpace(object, at + 1);
  }
  return members;
};

/**
 * The first name that stands twice in one object of a text of JSON, which must be valid. `JSON.parse` would take the last of the two
 * values, whatever reads the text elsewhere perhaps the first.
 */
export const duplicateName = (json: string): string | undefined => {
  const objects: Set<string>[] = [];
  let names = new Set<string>();
  let at = 0;
  while (at < json.length) {
    const sign = json.charCodeAt(at);
    if (sign === OPENED) {
      objects.push(names);
      names = new Set();
    } else if (sign === CLOSED) names = objects.pop() as Set<string>;
    if (sign !== QUOTE) {
      at += 1;
      continue;
    }
    const end = stringEnd(json, at);
    const next = skipSpace(json, end);
    if (json.charCodeAt(next) === COLON) {
      const name = nameIn(json, at, end);
      if (names.has(name)) return name;
      names.add(name);
    }
    at = next;
  }
  return undefined;
};

// Compared as numbers: every message is read by them, sign by sign.
const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPENED = 0x7b;
const CLOSED = 0x7d;

const nameIn = (json: string, from: number, end: number): string => {
  const name = json.slice(from + 1, end - 1);
  return name.includes("\\") ? (JSON.parse(json.slice(from, end)) as string) : name;
};

/** A literal as a parameter's text: a string without its quotes, anything else as it was written. */
export const literalText = (literal: string): string =>
  literal.startsWith('"') ? (JSON.parse(literal) as string) : literal;

/** The object in a text of JSON; undefined if it is something else, or no JSON. */
export const parsedObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

const ID = /^(null|-?[0-9]{1,19}|"(?:[^"\\]|\\.){0,64}")$/;

/** Whether a literal can be a request's id, which goes back as it was written: null, a whole number or a short string. */
export const isIdLiteral = (literal: string): boolean => ID.test(literal);

const skipSpace = (text: string, from: number): number => {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
};

const isSpace = (sign: number): boolean =>
  sign === 0x20 || sign === 0x09 || sign === 0x0a || sign === 0x0d;

/** Where the value that starts at `from` ends. */
const valueEnd = (text: string, from: number): number => {
  const first = text[from];
  if (first === '"') return stringEnd(text, from);
  if (first === "{" || first === "[") return nestedEnd(text, from);
  let at = from;
  while (at < text.length && !",}] \t\n\r:".includes(text[at] as string)) at += 1;
  return at;
};

const stringEnd = (text: string, from: number): number => {
  let at = from + 1;
  for (; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) break;
    if (sign === BACKSLASH) at += 1;
  }
  return at + 1;
};

const nestedEnd = (text: string, from: number): number => {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const sign = text[at] as string;
    if (sign === '"') {
      at = stringEnd(text, at);
      continue;
    }
    if (sign === "{" || sign === "[") depth += 1;
    if (sign === "}" || sign === "]") depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return at;
};
