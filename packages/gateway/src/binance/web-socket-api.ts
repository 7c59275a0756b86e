import type { Authenticator, Principal } from "../authenticator.ts";
import { isIdLiteral, literalText, memberLiterals, parsedObject } from "../json-literals.ts";
import type { AccountFeeds } from "../streaming/account-feeds.ts";
import type { Connection } from "../streaming/connection.ts";
import { Inbox } from "../streaming/inbox.ts";
import { KeyWatch } from "../streaming/key-watch.ts";
import type { Unsubscribe } from "../streaming/public-feeds.ts";
import {
  BinanceError,
  internalError,
  parameterInvalid,
  parameterMissing,
  unsupportedOperation,
} from "./error.ts";
import type { BinanceServices, Method } from "./method.ts";
import { METHODS_BY_NAME } from "./method-table.ts";
import { Parameters } from "./parameters.ts";
import { orderLimits, weightLimit } from "./request-usage.ts";
import { authenticated, provedWithin, withinLimits } from "./rest.ts";
import {
  apiKeyInvalid,
  apiKeyMalformed,
  checkTimestamp,
  isApiKey,
  signatureInvalid,
  webSocketPayloads,
} from "./signing.ts";
import { userEvents } from "./user-event.ts";

/** What a session of the WebSocket API works with. */
export interface SessionInputs {
  readonly services: BinanceServices;
  readonly authenticator: Authenticator;
  readonly accountFeeds: AccountFeeds;
  readonly remoteAddress: string;
  /** Told of errors that are the gateway's own. */
  readonly onError: (error: unknown) => void;
}

interface SessionRequest {
  /** As it was written: a number, a string or null. */
  readonly id: string;
  readonly method: string;
  readonly parameters: ReadonlyMap<string, string>;
}

interface Logon {
  readonly principal: Principal;
  readonly apiKey: string;
  readonly since: number;
}

interface UserSubscription {
  readonly account: number;
  /** Whether it ends with the session's logon. */
  readonly bySession: boolean;
  readonly stop: Unsubscribe;
}

/** A client of the WebSocket API: requests and answers as in REST, a session that may be logged on, user streams. */
export class WebSocketApiSession {
  readonly #connection: Connection;
  readonly #inputs: SessionInputs;
  readonly #connectedSince: number;
  readonly #subscriptions = new Map<number, UserSubscription>();
  #lastSubscription = -1;
  readonly #keys: KeyWatch;
  #logon: Logon | undefined;

  constructor(connection: Connection, inputs: SessionInputs) {
    this.#connection = connection;
    this.#inputs = inputs;
    this.#keys = new KeyWatch(connection, inputs.authenticator, inputs.onError);
    this.#connectedSince = inputs.services.clock();
    // One after the other: what follows a logon may rely on it, and a cancel comes after its order.
    new Inbox(connection, (text) => this.#hear(text));
    connection.onClose(() => this.#stopAll());
  }

  async #hear(text: string): Promise<void> {
    const request = readRequest(text);
    if ("error" in request) return this.#refuse(request, await this.#counted(request.error));
    const { usage, clock } = this.#inputs.services;
    const weight = METHODS_BY_NAME.get(request.method)?.weight ?? 2;
    usage.request(this.#inputs.remoteAddress, weight, clock());
    try {
      const run = await this.#admitted(request);
      // Not waited for: requests are begun in the order in which they came, their answers are under way together.
      void this.#answer(request, run);
    } catch (error) {
      this.#refuse(request, error);
    }
  }

  async #answer(request: SessionRequest, run: () => unknown): Promise<void> {
    try {
      const result = await run();
      this.#send(request.id, `"status":200,"result":${JSON.stringify(result)}`, request);
    } catch (error) {
      this.#refuse(request, error);
    }
  }

  #refuse(request: SessionRequest | Unreadable, error: unknown): void {
    if (!(error instanceof BinanceError)) this.#inputs.onError(error);
    const told = error instanceof BinanceError ? error : internalError();
    this.#send(request.id, errorPart(told), "error" in request ? undefined : request);
  }

  /** What can't be read is a request as well: the error, or that it was one too many. */
  async #counted(error: BinanceError): Promise<unknown> {
    return this.#limited(undefined).then(
      () => error,
      (over) => over,
    );
  }

  #limited(method: Method | undefined): Promise<unknown> {
    const { limits, clock } = this.#inputs.services;
    const { remoteAddress } = this.#inputs;
    return withinLimits(method, () => limits.byAddress(remoteAddress), clock());
  }

  /** What is left to do once it is known who asks, and that they may. */
  async #admitted(request: SessionRequest): Promise<() => unknown> {
    const method = METHODS_BY_NAME.get(request.method);
    await this.#limited(method);
    switch (request.method) {
      case "session.logon": {
        const status = await this.#logOn(request);
        return () => status;
      }
      case "session.status":
        return () => this.#status();
      case "session.logout":
        return () => this.#logOut();
      case "session.subscriptions":
        return () =>
          Array.from(this.#subscriptions.keys(), (subscriptionId) => ({ subscriptionId }));
      case "userDataStream.subscribe": {
        const { principal } = this.#needLogon();
        return () => this.#subscribe(principal, true);
      }
      case "userDataStream.subscribe.signature": {
        const principal = await this.#signer(request);
        this.#keys.watch(request.parameters.get("apiKey") ?? "");
        return () => this.#subscribe(principal, false);
      }
      case "userDataStream.unsubscribe":
        return () => this.#unsubscribe(request);
    }
    if (method === undefined) throw unsupportedOperation(400, "method");
    return this.#prepared(method, request);
  }

  async #prepared(method: Method, request: SessionRequest): Promise<() => unknown> {
    const { services, remoteAddress } = this.#inputs;
    const parameters = new Parameters(request.parameters, services.markets);
    const call = { ...services, parameters };
    if (method.security === "public") return () => method.run(call);
    if (method.security === "key") {
      const named = parameters.text("apiKey");
      if (!isApiKey(named)) throw apiKeyMalformed();
      return () => method.run({ ...call, apiKey: named });
    }
    const { limits, clock } = services;
    const proving = this.#principalOf(request);
    const principal = await provedWithin(services, method, remoteAddress, proving);
    const apiKey = request.parameters.get("apiKey") ?? this.#logon?.apiKey ?? "";
    await withinLimits(method, () => limits.byKey(apiKey), clock());
    return async () => {
      const answer = await method.run({ ...call, principal });
      if (method.countsAsOrder) services.usage.order(principal.account, services.clock());
      return answer;
    };
  }

  /** A request with a key of its own is signed; without one it speaks for whom the session is logged on. */
  async #principalOf(request: SessionRequest): Promise<Principal> {
    if (request.parameters.has("apiKey") || this.#logon === undefined) return this.#signer(request);
    if (request.parameters.has("timestamp")) {
      checkTimestamp(request.parameters, this.#inputs.services.clock());
    }
    return this.#logon.principal;
  }

  async #signer({ parameters }: SessionRequest): Promise<Principal> {
    const apiKey = parameters.get("apiKey");
    if (apiKey === undefined || apiKey === "") throw parameterMissing("apiKey");
    if (!isApiKey(apiKey)) throw apiKeyMalformed();
    checkTimestamp(parameters, this.#inputs.services.clock());
    const signature = parameters.get("signature");
    if (signature === undefined || signature === "") throw parameterMissing("signature");
    const payloads = webSocketPayloads(parameters);
    const { authenticator, remoteAddress: address } = this.#inputs;
    return authenticated(authenticator, { apiKey, signature, address }, payloads);
  }

  async #logOn(request: SessionRequest): Promise<object> {
    const principal = await this.#signer(request);
    const apiKey = request.parameters.get("apiKey") ?? "";
    this.#logon = { principal, apiKey, since: this.#inputs.services.clock() };
    this.#keys.watch(apiKey);
    return this.#status();
  }

  #logOut(): object {
    this.#logon = undefined;
    for (const [id, { bySession }] of this.#subscriptions) if (bySession) this.#stop(id);
    return this.#status();
  }

  #status(): object {
    return {
      apiKey: this.#logon?.apiKey ?? null,
      authorizedSince: this.#logon?.since ?? null,
      connectedSince: this.#connectedSince,
      returnRateLimits: true,
      serverTime: this.#inputs.services.clock(),
      userDataStream: this.#subscriptions.size > 0,
    };
  }

  #needLogon(): Logon {
    if (this.#logon === undefined) throw signatureInvalid();
    return this.#logon;
  }

  #subscribe(principal: Principal, bySession: boolean): object {
    if (!principal.permissions.includes("read")) throw apiKeyInvalid("permission_missing");
    const subscriptionId = ++this.#lastSubscription;
    const { services, accountFeeds } = this.#inputs;
    const stop = accountFeeds.onChanges(principal.account, (changes) => {
      const told = changes.map(({ change }) => change);
      for (const event of userEvents(told, services)) {
        this.#connection.sendText(JSON.stringify({ subscriptionId, event }));
      }
    });
    this.#subscriptions.set(subscriptionId, { account: principal.account, bySession, stop });
    // Who asked may be gone by then.
    if (!this.#connection.open) this.#stop(subscriptionId);
    return { subscriptionId };
  }

  #unsubscribe({ parameters }: SessionRequest): object {
    const text = parameters.get("subscriptionId");
    if (text === undefined) {
      this.#stopAll();
      return {};
    }
    if (!this.#subscriptions.has(Number(text))) throw parameterInvalid("subscriptionId");
    this.#stop(Number(text));
    return {};
  }

  #stop(id: number): void {
    this.#subscriptions.get(id)?.stop();
    this.#subscriptions.delete(id);
  }

  #stopAll(): void {
    for (const id of [...this.#subscriptions.keys()]) this.#stop(id);
  }

  #send(id: string, part: string, request?: SessionRequest): void {
    const limits =
      request === undefined || request.parameters.get("returnRateLimits") === "false"
        ? ""
        : `,"rateLimits":${JSON.stringify(this.#limits(request))}`;
    this.#connection.sendText(`{"id":${id},${part}${limits}}`);
  }

  #limits({ method }: SessionRequest): object[] {
    const { usage, clock } = this.#inputs.services;
    const used = weightLimit(usage.weight(this.#inputs.remoteAddress, clock()));
    const account = this.#logon?.principal.account;
    if (method !== "order.place" || account === undefined) return [used];
    return [...orderLimits(usage, account, clock()), used];
  }
}

const errorPart = (error: BinanceError): string =>
  `"status":${error.status},"error":${JSON.stringify(error)}`;

/** What can't even be read as a request; with its id if that could be. */
interface Unreadable {
  readonly id: string;
  readonly error: BinanceError;
}

/** A request with the texts of its parameters as they were written, which is what was signed. */
const readRequest = (text: string): SessionRequest | Unreadable => {
  const message = parsedObject(text);
  if (message === undefined) return { id: "null", error: noRequest() };
  const literals = memberLiterals(text);
  const id = literals.get("id") ?? "null";
  if (!isIdLiteral(id)) return { id: "null", error: parameterInvalid("id") };
  const { method, params } = message;
  if (typeof method !== "string") return { id, error: parameterMissing("method") };
  if (params !== undefined && (params === null || typeof params !== "object")) {
    return { id, error: parameterInvalid("params") };
  }
  return { id, method, parameters: parametersIn(literals.get("params")) };
};

const noRequest = (): BinanceError =>
  new BinanceError(
    400,
    -1135,
    "Invalid JSON Request: the message is not a JSON object.",
    undefined,
    "message_malformed",
  );

const parametersIn = (params: string | undefined): Map<string, string> => {
  if (params === undefined || !params.startsWith("{")) return new Map();
  const texts = Array.from(
    memberLiterals(params),
    ([name, literal]) => [name, literalText(literal)] as const,
  );
  // What a client sends as null it means to leave out.
  return new Map(texts.filter(([, text]) => text !== "null"));
};
