import { Changing } from "../changes.ts";
import { AccountBook } from "./account-book.ts";
import { AccountStream } from "./account-stream.ts";
import { type ApiKey, forgetKey, rememberedKey, rememberKey } from "./api-key.ts";
import { openDemoSession } from "./demo-accounts.ts";
import type { Balance, Order } from "./holdings.ts";
import { type Answer, type Problem, problemText } from "./problem.ts";
import { replacementOf } from "./replacement.ts";
import { SignedRequests } from "./signed-requests.ts";

interface Placed {
  readonly order?: Order;
  readonly list?: { readonly orders: readonly Order[] };
}

interface Replaced {
  readonly cancelled: { readonly order: Order };
  readonly placed: { readonly order: Order };
}

export type AccountState = "signed_out" | "connecting" | "live" | "lost";

const NOBODY = {
  ok: false,
  problem: {
    code: "signed_out",
    field: null,
    rule: "Sign in to trade.",
    executed: "no",
  },
} as const satisfies Answer<never>;

const RENEW_MS = 1_000;

/** The account that is signed in, what it has, and all that can be done in its name. */
export class Account extends Changing {
  readonly book = new AccountBook();
  #key: ApiKey | undefined;
  #requests: SignedRequests | undefined;
  #stream: AccountStream | undefined;
  #state: AccountState = "signed_out";
  #signedOutBecause = "";

  constructor() {
    super();
    const key = rememberedKey();
    if (key !== undefined) this.#use(key);
  }

  get name(): string | undefined {
    return this.#key?.name;
  }

  get state(): AccountState {
    return this.#state;
  }

  /** Why the exchange has ended the sign-in; empty if it has not. */
  get signedOutBecause(): string {
    return this.#signedOutBecause;
  }

  async signInAsDemo(name: string): Promise<Problem | undefined> {
    const opened = await openDemoSession(name);
    if (!opened.ok) return opened.problem;
    this.#use(opened.json);
    return undefined;
  }

  /** Signs in with a key, if the exchange takes it. */
  async signIn(apiKey: string, secret: string): Promise<Problem | undefined> {
    const key: ApiKey = { name: `key ${apiKey.slice(0, 6)}…`, apiKey, secret, isSession: false };
    const answer = await new SignedRequests(key).get("v1/balances");
    if (!answer.ok) return answer.problem;
    this.#use(key);
    return undefined;
  }

  signOut(because = ""): void {
    this.#stream?.close();
    this.#stream = undefined;
    this.#requests = undefined;
    this.#key = undefined;
    this.#signedOutBecause = because;
    forgetKey();
    this.book.clear();
    this.#set("signed_out");
  }

  /** @param path `v1/orders` or `v1/order-lists` */
  async place(path: string, body: object): Promise<Answer<readonly Order[]>> {
    const answer = await this.#requests?.send<Placed>("POST", path, body);
    if (answer === undefined) return NOBODY;
    if (!answer.ok) return answer;
    const { order, list } = answer.json;
    return this.#acknowledged(order === undefined ? (list?.orders ?? []) : [order]);
  }

  async amend(
    order: Order,
    change: { readonly price?: string; readonly quantity?: string },
  ): Promise<Answer<readonly Order[]>> {
    return this.#change("PATCH", order, change);
  }

  /** Cancels an order and places one like it in its stead, both or neither: it goes to the end of the queue at its price. */
  async replace(
    order: Order,
    change: { readonly price?: string; readonly quantity?: string },
  ): Promise<Answer<readonly Order[]>> {
    const path = `v1/orders/${order.id}/replace`;
    const answer = await this.#requests?.send<Replaced>("POST", path, replacementOf(order, change));
    if (answer === undefined) return NOBODY;
    if (!answer.ok) return answer;
    const { cancelled, placed } = answer.json;
    return this.#acknowledged([cancelled.order, placed.order]);
  }

  async cancel(order: Order): Promise<Answer<readonly Order[]>> {
    return this.#change("DELETE", order);
  }

  async cancelAll(market: string | undefined): Promise<Answer<readonly Order[]>> {
    const query = market === undefined ? "" : `?market=${market}`;
    const answer = await this.#requests?.send<{ orders: Order[] }>("DELETE", `v1/orders${query}`);
    if (answer === undefined) return NOBODY;
    return answer.ok ? this.#acknowledged(answer.json.orders) : answer;
  }

  async #change(
    method: "PATCH" | "DELETE",
    { id }: Order,
    body?: object,
  ): Promise<Answer<readonly Order[]>> {
    const answer = await this.#requests?.send<{ order: Order }>(method, `v1/orders/${id}`, body);
    if (answer === undefined) return NOBODY;
    return answer.ok ? this.#acknowledged([answer.json.order]) : answer;
  }

  /** The stream will say the same; but what was acknowledged is on the screen at once, and the balances with it. */
  async #acknowledged(orders: readonly Order[]): Promise<Answer<readonly Order[]>> {
    this.book.addOrders(orders);
    await this.#readBalances();
    return { ok: true, json: orders };
  }

  #use(key: ApiKey): void {
    this.#stream?.close();
    this.book.clear();
    rememberKey(key);
    this.#key = key;
    this.#signedOutBecause = "";
    this.#requests = new SignedRequests(key);
    this.#set("connecting");
    this.#stream = new AccountStream(this.#requests, this.book, {
      live: () => {
        this.#set("live");
        void this.#readWhatHasEnded();
      },
      lost: () => this.#set("lost"),
      refused: (problem) => this.#refused(key, problem),
    });
  }

  /** A new exchange process has forgotten its sessions: a demo account gets another one by itself. */
  #refused(key: ApiKey, problem: Problem): void {
    if (!key.isSession || problem.code !== "api_key_unknown") {
      this.signOut(problemText(problem));
      return;
    }
    this.#set("lost");
    void this.#renew(key);
  }

  async #renew(key: ApiKey): Promise<void> {
    if (this.#key !== key) return;
    const opened = await openDemoSession(key.name);
    if (this.#key !== key) return;
    if (opened.ok) this.#use(opened.json);
    else if (opened.problem.executed === "no") this.signOut(problemText(opened.problem));
    else setTimeout(() => void this.#renew(key), RENEW_MS);
  }

  /** The stream begins with open orders alone. */
  async #readWhatHasEnded(): Promise<void> {
    const path = "v1/orders?status=closed&limit=100";
    const closed = await this.#requests?.get<{ orders: Order[] }>(path);
    if (closed?.ok) this.book.addOrders(closed.json.orders);
  }

  async #readBalances(): Promise<void> {
    const path = "v1/balances";
    const read = await this.#requests?.get<{ sequence: number; balances: Balance[] }>(path);
    if (read?.ok) this.book.addBalances(read.json.sequence, read.json.balances);
  }

  #set(state: AccountState): void {
    this.#state = state;
    this.changed();
  }
}
