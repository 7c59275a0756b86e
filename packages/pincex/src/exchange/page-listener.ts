import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";

interface PageFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pincex</title>
<p>The exchange is running. Its page has not been built: run <code>npm run build:page</code> and start it again.
The API is at <code>/v1</code> and <code>/api/v3</code>.</p></html>
`;

/**
 * Serves the built page from memory, and a plain sentence where it has not been built. A few hundred kilobytes in all, read
 * once: no request ever turns into a path on the disk.
 */
export const pageListener = (
  directory: string,
): ((request: IncomingMessage, response: ServerResponse) => void) => {
  const files = readPage(directory);
  return (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      answer(response, 405, { allow: "GET, HEAD" }, "Only GET and HEAD are answered here.\n");
      return;
    }
    const [path = "/"] = (request.url ?? "/").split("?", 1);
    const file = files.get(path);
    if (file === undefined) {
      answer(response, 404, {}, "There is nothing at this address.\n");
      return;
    }
    if (request.headers["if-none-match"] === file.headers["etag"]) {
      response.writeHead(304, file.headers);
      response.end();
      return;
    }
    response.writeHead(200, { ...file.headers, "content-length": file.body.length });
    response.end(request.method === "HEAD" ? undefined : file.body);
  };
};

const answer = (
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
): void => {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
};

const readPage = (directory: string): ReadonlyMap<string, PageFile> => {
  const files = new Map<string, PageFile>();
  for (const path of pathsIn(directory)) {
    const body = readFileSync(join(directory, path));
    files.set(`/${path.split(sep).join("/")}`, pageFile(path, body));
  }
  const index = files.get("/index.html") ?? pageFile("index.html", Buffer.from(NOT_BUILT));
  return files.set("/", index);
};

const pathsIn = (directory: string): string[] => {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
  } catch {
    return [];
  }
};

const pageFile = (path: string, body: Buffer): PageFile => ({
  body,
  headers: {
    ...SECURITY_HEADERS,
    "content-type": CONTENT_TYPES[extname(path)] ?? "application/octet-stream",
    // Vite puts a hash of its content into the name of every asset: such a file never changes.
    "cache-control": path.startsWith("assets") ? "public, max-age=31536000, immutable" : "no-cache",
    etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
  },
});
