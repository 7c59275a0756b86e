import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Account } from "./account.ts";
import type { Order } from "./holdings.ts";
import {
  conditionWords,
  filledPercent,
  grouped,
  kindWords,
  momentWords,
  triggerWords,
} from "./order-words.ts";
import { problemText } from "./problem.ts";

interface OpenOrderRowProps {
  readonly order: Order;
  readonly account: Account;
}

/** Only what rests at its own price can get another one. */
const canAmend = ({ state, type, peg }: Order): boolean =>
  state === "resting" && type !== "market" && peg === undefined;

/** An order of a list stays in it. */
const canReplace = (order: Order): boolean => canAmend(order) && order.listId === null;

type Change = "amend" | "replace";

const CHANGES: Readonly<Record<Change, { readonly verb: string; readonly title: string }>> = {
  amend: {
    verb: "Amend",
    title: "Change the order; it keeps its place if only its quantity falls",
  },
  replace: { verb: "Replace", title: "Cancel the order and place one like it, both or neither" },
};

/** An open order: it is amended or replaced in its row, Enter sends the change and Escape takes it back. */
export const OpenOrderRow = ({ order, account }: OpenOrderRowProps): JSX.Element => {
  const [changing, setChanging] = useState<Change>();
  const [problem, setProblem] = useState("");
  const buttons = {
    amend: useRef<HTMLButtonElement>(null),
    replace: useRef<HTMLButtonElement>(null),
  };
  const stop = (): void => {
    const button = changing && buttons[changing];
    setChanging(undefined);
    setProblem("");
    // Focus must not get lost with the fields that had it.
    setTimeout(() => button?.current?.focus());
  };
  const change = async (to: { price?: string; quantity?: string }): Promise<void> => {
    const answer = await (changing === "replace"
      ? account.replace(order, to)
      : account.amend(order, to));
    if (answer.ok) stop();
    else setProblem(problemText(answer.problem));
  };
  const cancel = async (): Promise<void> => {
    const answer = await account.cancel(order);
    if (!answer.ok) setProblem(problemText(answer.problem));
  };
  const isOpening = order.state === "waiting" || order.state === "pending";
  const filled = filledPercent(order);
  return (
    <tr data-order={order.id} class={order.side}>
      <td data-label="Time">{momentWords(order.placedAt)}</td>
      <td data-label="Market">{order.market}</td>
      <td data-label="Side" class="side">
        {order.side === "buy" ? "Buy" : "Sell"}
      </td>
      <td data-label="Type">
        {kindWords(order)} <small>{conditionWords(order)}</small>
      </td>
      {changing ? (
        <Amendment order={order} onAmend={(to) => void change(to)} onStop={stop} />
      ) : (
        <>
          <td data-label="Price" class="number price">
            {order.type === "market" ? "Market" : grouped(order.price)}
          </td>
          <td data-label="Quantity" class="number quantity">
            {grouped(order.quantity ?? order.quoteQuantity)}
          </td>
        </>
      )}
      <td data-label="Trigger" class="number">
        {triggerWords(order) || "–"}
      </td>
      <td data-label="Filled" class="number">
        {isOpening ? order.state : `${filled} %`}
      </td>
      <td class="actions">
        {changing === undefined &&
          offered(order).map((offer) => (
            <button
              key={offer}
              type="button"
              ref={buttons[offer]}
              title={CHANGES[offer].title}
              aria-label={`${CHANGES[offer].verb} order ${order.id}`}
              onClick={() => setChanging(offer)}
            >
              {CHANGES[offer].verb}
            </button>
          ))}
        <button
          type="button"
          class="cancel"
          aria-label={`Cancel order ${order.id}`}
          onClick={() => void cancel()}
        >
          Cancel
        </button>
        {problem !== "" && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
      </td>
    </tr>
  );
};

const offered = (order: Order): readonly Change[] => [
  ...(canAmend(order) ? (["amend"] as const) : []),
  ...(canReplace(order) ? (["replace"] as const) : []),
];

interface AmendmentProps {
  readonly order: Order;
  onAmend(change: { price?: string; quantity?: string }): void;
  onStop(): void;
}

const Amendment = ({ order, onAmend, onStop }: AmendmentProps): JSX.Element => {
  const [price, setPrice] = useState(order.price ?? "");
  const [quantity, setQuantity] = useState(order.quantity ?? "");
  const first = useRef<HTMLInputElement>(null);
  // Before anything is typed: by keyboard the next key may come before a later effect would.
  useLayoutEffect(() => first.current?.select(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onStop();
    if (event.key !== "Enter") return;
    event.preventDefault();
    // What stays as it is must not be sent: the order keeps its place if only its quantity falls.
    onAmend({
      ...(price === order.price ? {} : { price: price.trim() }),
      ...(quantity === order.quantity ? {} : { quantity: quantity.trim() }),
    });
  };
  const input = (
    label: string,
    value: string,
    set: (value: string) => void,
    ref: typeof first | null,
  ): JSX.Element => (
    <td data-label={label} class="number">
      <input
        ref={ref}
        aria-label={`New ${label.toLowerCase()} of order ${order.id}`}
        inputMode="decimal"
        autocomplete="off"
        value={value}
        onInput={({ currentTarget }) => set(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
    </td>
  );
  return (
    <>
      {input("Price", price, setPrice, first)}
      {input("Quantity", quantity, setQuantity, null)}
    </>
  );
};
