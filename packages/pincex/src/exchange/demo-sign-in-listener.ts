import type { IncomingMessage, ServerResponse } from "node:http";
import type { ExchangeIdentity } from "../identity/exchange-identity.ts";

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Lets somebody at this machine sign in to the page as a demo account, without its password, and read the mails that nobody sends;
 * all else goes to `fallback`.
 *
 * `GET /demo/accounts` says who one may be: nobody, where the request comes from elsewhere. `POST /demo/sessions?account=`
 * begins a session and sets its cookie. `GET /demo/mails` has the newest first.
 */
export const demoSignInListener =
  (
    identity: Pick<ExchangeIdentity, "signInAsDemo" | "mails">,
    names: readonly string[],
    fallback: Listener,
  ): Listener =>
  (request, response) => {
    const [path = "", query] = (request.url ?? "/").split("?", 2);
    const isLocal = isFromThisMachine(request);
    const offered = (all: readonly unknown[]): readonly unknown[] => (isLocal ? all : []);
    switch (`${request.method} ${path}`) {
      case "GET /demo/accounts":
        return answer(response, 200, { accounts: offered(names.map((name) => ({ name }))) });
      case "GET /demo/mails":
        return answer(response, 200, { mails: offered(identity.mails) });
      case "POST /demo/sessions": {
        const name = new URLSearchParams(query).get("account") ?? "";
        return isLocal ? void openSession(identity, name, request, response) : elsewhere(response);
      }
      default:
        return fallback(request, response);
    }
  };

const elsewhere = (response: ServerResponse): void =>
  refuse(response, 403, "not_this_machine", null, "Demo accounts are for this machine's page.");

const openSession = async (
  identity: Pick<ExchangeIdentity, "signInAsDemo">,
  name: string,
  { socket, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  try {
    const { remoteAddress } = socket;
    const client = { remoteAddress, headers: headers as Record<string, string | undefined> };
    const signedIn = await identity.signInAsDemo(name, client);
    if (signedIn.ok) answer(response, 201, { name }, { "set-cookie": [...signedIn.cookies] });
    else {
      const isUnknown = signedIn.code === "account_unknown";
      const { code, rule } = signedIn;
      refuse(response, isUnknown ? 404 : 403, code, isUnknown ? "account" : null, rule);
    }
  } catch {
    refuse(response, 503, "identity_unavailable", null, "The database of users can be reached.");
  }
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

const answer = (
  response: ServerResponse,
  status: number,
  json: object,
  headers: Readonly<Record<string, string | string[]>> = {},
): void => {
  const body = JSON.stringify(json);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    // A session's cookie and a mail's token are for their reader alone.
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...headers,
  });
  response.end(body);
};
