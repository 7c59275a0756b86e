import { answerSchemaOf, problemSchema } from "../native/answer-schemas.ts";
import { ROUTES } from "../native/routes.ts";

const PATTERNS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace(/\{[a-z]+\}/g, "[^/]+")}$`),
}));

/** Throws unless what the native API has answered is what its description says. */
export const checkDescribed = (
  method: string,
  path: string,
  status: number,
  json: unknown,
): void => {
  const pathname = path.split("?", 1)[0] ?? "";
  const found =
    PATTERNS.find(({ route }) => route.method === method && route.path === pathname) ??
    PATTERNS.find(({ route, pattern }) => route.method === method && pattern.test(pathname));
  const schema = status < 300 && found !== undefined ? answerSchemaOf(found.route) : problemSchema;
  const judged = schema.safeParse(json);
  if (judged.success) return;
  const [issue] = judged.error.issues;
  const at = `${issue?.path.join(".")}: ${issue?.message}`;
  throw new Error(`${method} ${path} answers otherwise than described, ${at}`);
};
