import { Changing } from "../changes.ts";
import { askIdentity } from "../identity/identity-request.ts";
import { fetchPerson, mayBeSignedIn, noteSignedIn } from "../identity/person.ts";
import { AccountBook } from "./account-book.ts";
import { AccountStream } from "./account-stream.ts";
import { type ApiKey, forgetKey, rememberedKey, rememberKey } from "./api-key.ts";
import { signInAsDemo } from "./demo-accounts.ts";
import { HmacSigner } from "./hmac-signer.ts";
import type { Balance, Order } from "./holdings.ts";
import { type Answer, type Problem, problemText } from "./problem.ts";
import { replacementOf } from "./replacement.ts";
import { SessionKey } from "./session-key.ts";
import { SignedRequests } from "./signed-requests.ts";
import { canSign, type Signer } from "./signer.ts";

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

/** What somebody is called who is signed in, and by what they are. */
interface SignedIn {
  readonly name: string;
  readonly by: "key" | "session";
}

const RESUME_MS = 1_000;

/** The account that is signed in, what it has, and all that can be done in its name. */
export class Account extends Changing {
  readonly book = new AccountBook();
  #signedIn: SignedIn | undefined;
  #requests: SignedRequests | undefined;
  #stream: AccountStream | undefined;
  #state: AccountState = "signed_out";
  #signedOutBecause = "";

  constructor() {
    super();
    const key = rememberedKey();
    if (!canSign()) return;
    if (key !== undefined) this.#use({ name: key.name, by: "key" }, new HmacSigner(key));
    else if (mayBeSignedIn()) void this.#resume();
  }

  get name(): string | undefined {
    return this.#signedIn?.name;
  }

  /** Whether it is a person with a session, and not a key that was pasted. */
  get isPerson(): boolean {
    return this.#signedIn?.by === "session";
  }

  get state(): AccountState {
    return this.#state;
  }

  /** Why the sign-in has ended; empty if somebody ended it here. */
  get signedOutBecause(): string {
    return this.#signedOutBecause;
  }

  async signInAsDemo(name: string): Promise<Problem | undefined> {
    const answer = await signInAsDemo(name);
    if (!answer.ok) return answer.problem;
    noteSignedIn(true);
    await this.#resume();
    return undefined;
  }

  /** Signs in with a key, if the exchange takes it. */
  async signIn(apiKey: string, secret: string): Promise<Problem | undefined> {
    const key: ApiKey = { name: `key ${apiKey.slice(0, 6)}…`, apiKey, secret };
    const signer = new HmacSigner(key);
    const answer = await new SignedRequests(signer).get("v1/balances");
    if (!answer.ok) return answer.problem;
    rememberKey(key);
    this.#use({ name: key.name, by: "key" }, signer);
    return undefined;
  }

  async signOut(): Promise<void> {
    const { isPerson } = this;
    this.#leave("");
    if (!isPerson) return;
    const answer = await askIdentity("POST", "sign-out");
    noteSignedIn(false);
    if (answer.ok || answer.problem.code === "session_invalid") return;
    this.#signedOutBecause = "The exchange does not answer: your session may not have ended.";
    this.changed();
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

  #use(signedIn: SignedIn, signer: Signer): void {
    this.#stream?.close();
    this.book.clear();
    this.#signedIn = signedIn;
    this.#signedOutBecause = "";
    this.#requests = new SignedRequests(signer);
    this.#set("connecting");
    this.#stream = new AccountStream(this.#requests, this.book, {
      live: () => {
        this.#set("live");
        void this.#readWhatHasEnded();
      },
      lost: () => this.#set("lost"),
      refused: (problem) => {
        if (signedIn.by === "session") noteSignedIn(false);
        this.#leave(problemText(problem));
      },
    });
  }

  #leave(because: string): void {
    this.#stream?.close();
    this.#stream = undefined;
    this.#requests = undefined;
    this.#signedIn = undefined;
    this.#signedOutBecause = because;
    forgetKey();
    this.book.clear();
    this.#set("signed_out");
  }

  /** Goes on as whoever is signed in with this browser. */
  async #resume(): Promise<void> {
    const answer = await fetchPerson();
    if (this.#signedIn !== undefined) return;
    if (answer.ok) {
      const { displayName, email } = answer.json;
      this.#use({ name: displayName ?? email, by: "session" }, new SessionKey());
    } else if (answer.problem.code === "session_invalid") noteSignedIn(false);
    else setTimeout(() => void this.#resume(), RESUME_MS);
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
