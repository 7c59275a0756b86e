import type { IncomingMessage, ServerResponse } from "node:http";
import type { DemoAccess } from "./demo-access.ts";

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

const ACCOUNTS = "/demo/accounts";
const SESSIONS = "/demo/sessions";

/**
 * Lets somebody at this machine sign in to the page as a demo account, without a key; all else goes to `fallback`.
 *
 * `GET /demo/accounts` says who one may be: nobody, where the request comes from elsewhere. `POST /demo/sessions?account=`
 * answers a session's key.
 */
export const demoSignInListener =
  (access: DemoAccess, fallback: Listener): Listener =>
  (request, response) => {
    const [path, query] = (request.url ?? "/").split("?", 2);
    if (path === ACCOUNTS && request.method === "GET") {
      const accounts = isFromThisMachine(request) ? access.names.map((name) => ({ name })) : [];
      answer(response, 200, { accounts });
    } else if (path === SESSIONS && request.method === "POST") {
      const account = new URLSearchParams(query).get("account") ?? "";
      openSession(access, account, request, response);
    } else fallback(request, response);
  };

const openSession = (
  access: DemoAccess,
  account: string,
  request: IncomingMessage,
  response: ServerResponse,
): void => {
  if (!isFromThisMachine(request)) {
    refuse(response, 403, "not_this_machine", null, "Demo accounts are for this machine's page.");
    return;
  }
  const session = access.open(account);
  if (session === undefined) {
    refuse(response, 404, "account_unknown", "account", "It is the name of a demo account.");
  } else answer(response, 201, session);
};

const LOCAL_ADDRESS = /^(?:::ffff:)?127\.|^::1$/;
const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]+)?$/i;

/** What proxies add: behind one, the address of the sender says nothing. */
const PROXY_HEADERS = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/**
 * Sent by a program of this machine to a name of this machine. The name matters, too: a page of elsewhere whose name was made
 * to lead here would be of the same origin, and could read what it is answered. Other origins are turned away.
 */
const isFromThisMachine = ({ socket, headers }: IncomingMessage): boolean => {
  const { host = "", origin } = headers;
  return (
    LOCAL_ADDRESS.test(socket.remoteAddress ?? "") &&
    LOCAL_HOST.test(host) &&
    (origin === undefined || origin === `http://${host}`) &&
    (headers["sec-fetch-site"] ?? "same-origin") === "same-origin" &&
    PROXY_HEADERS.every((name) => headers[name] === undefined)
  );
};

const refuse = (
  response: ServerResponse,
  status: number,
  code: string,
  field: string | null,
  rule: string,
): void => answer(response, status, { status, code, field, rule, executed: "no" });

const answer = (response: ServerResponse, status: number, json: object): void => {
  const body = JSON.stringify(json);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    // A session's key is for its reader alone.
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(body);
};
