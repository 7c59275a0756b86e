import type { Account } from "../account/account.ts";
import type { Order } from "../account/holdings.ts";
import { problemText } from "../account/problem.ts";
import { Changing } from "../changes.ts";
import { decimalText } from "../decimal.ts";
import { type FieldProblems, fieldProblems, missingFields } from "./order-checks.ts";
import type { OrderDesk } from "./order-desk.ts";
import { askedFields, type Field, type OrderDraft, type TypedField } from "./order-draft.ts";
import { type OrderRequest, orderRequest } from "./order-request.ts";
import { worstPriceOf } from "./worst-case.ts";

/** What the exchange said to the order that was placed last. */
type Outcome =
  | { readonly is: "none"; readonly text: "" }
  | { readonly is: "placed"; readonly text: string }
  | { readonly is: "refused"; readonly field: Field | undefined; readonly text: string };

const NO_OUTCOME: Outcome = { is: "none", text: "" };

/** What was sent and not answered: the same draft is sent again under the same name, so that it is not placed twice. */
interface Unanswered {
  readonly draft: OrderDraft;
  readonly request: OrderRequest;
  readonly name: string;
}

/** Sends the order that is on the desk, and knows what became of it. */
export class OrderPlacement extends Changing {
  readonly #desk: OrderDesk;
  readonly #account: Account;
  #outcome: Outcome = NO_OUTCOME;
  #isUnderWay = false;
  #wasTried = false;
  #unanswered: Unanswered | undefined;

  constructor(desk: OrderDesk, account: Account) {
    super();
    this.#desk = desk;
    this.#account = account;
  }

  get outcome(): Outcome {
    return this.#outcome;
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** What is wrong with the draft's fields, as far as the page or the exchange can say. */
  get problems(): Readonly<Partial<Record<Field, string>>> {
    const problems: Partial<Record<Field, string>> = { ...this.#checked() };
    if (this.#wasTried) {
      for (const field of missingFields(this.#desk.draft)) problems[field] ??= "It is needed.";
    }
    const outcome = this.#outcome;
    if (outcome.is === "refused" && outcome.field !== undefined) {
      problems[outcome.field] ??= outcome.text;
    }
    return problems;
  }

  /** The draft changes: what was said of the one before is of no use. */
  forget(): void {
    this.#outcome = NO_OUTCOME;
    this.changed();
  }

  clear(): void {
    this.#wasTried = false;
    this.#desk.clear();
    this.forget();
  }

  /** Places the draft. Answers the field where somebody goes on: one that is at fault, or the next order's first. */
  async place(): Promise<Field | undefined> {
    const { draft } = this.#desk;
    const faulty = missingFields(draft)[0] ?? (Object.keys(this.#checked())[0] as TypedField);
    if (faulty !== undefined) {
      this.#wasTried = true;
      this.changed();
      return faulty;
    }
    if (this.#isUnderWay) return undefined;
    this.#isUnderWay = true;
    this.changed();
    const field = await this.#send(this.#sendingOf(draft));
    this.#isUnderWay = false;
    this.changed();
    return field;
  }

  async #send(sending: Unanswered): Promise<Field | undefined> {
    const { draft, request, name } = sending;
    const answer = await this.#account.place(request.path, request.named(name));
    this.#unanswered = undefined;
    if (answer.ok) {
      if (this.#desk.draft === draft) this.clear();
      this.#outcome = { is: "placed", text: placedText(answer.json) };
      return askedFields(draft)[0];
    }
    const { problem } = answer;
    if (problem.executed === "unknown") this.#unanswered = sending;
    const field = request.fieldOf(problem.field);
    this.#outcome = { is: "refused", field, text: problemText(problem) };
    return field;
  }

  #sendingOf(draft: OrderDraft): Unanswered {
    const market = this.#desk.market;
    if (market === undefined) throw new TypeError("expected a market before an order");
    if (this.#unanswered?.draft === draft) return this.#unanswered;
    const worst = worstPriceOf(draft, market, this.#desk.quotes);
    const bound = worst === undefined ? undefined : decimalText(worst);
    return { draft, request: orderRequest(draft, market, bound), name: newName() };
  }

  #checked(): FieldProblems {
    const { draft, market } = this.#desk;
    return market === undefined ? {} : fieldProblems(draft, market);
  }
}

const newName = (): string => `page-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;

/** What became of what was placed, as far as the acknowledgement says. */
const placedText = (orders: readonly Order[]): string => {
  const [order] = orders;
  if (orders.length > 1) return `Placed: a list of ${orders.length} orders.`;
  if (order === undefined) return "Placed.";
  if (order.status === "filled") return `Filled: order ${order.id}.`;
  if (order.status !== "open") {
    return `Ended: order ${order.id}, ${(order.reason ?? order.status).replaceAll("_", " ")}.`;
  }
  return Number(order.executedQuantity) > 0
    ? `Filled in part: order ${order.id}, the rest is open.`
    : `Open: order ${order.id}.`;
};
