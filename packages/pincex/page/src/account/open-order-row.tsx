import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
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

/** An open order: it is amended in its row, Enter sends the change and Escape takes it back. */
export const OpenOrderRow = ({ order, account }: OpenOrderRowProps): JSX.Element => {
  const [isAmending, setAmending] = useState(false);
  const [problem, setProblem] = useState("");
  const amendButton = useRef<HTMLButtonElement>(null);
  const stop = (): void => {
    setAmending(false);
    setProblem("");
    // Focus must not get lost with the fields that had it.
    setTimeout(() => amendButton.current?.focus());
  };
  const amend = async (change: { price?: string; quantity?: string }): Promise<void> => {
    const answer = await account.amend(order, change);
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
      {isAmending ? (
        <Amendment order={order} onAmend={(change) => void amend(change)} onStop={stop} />
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
        {canAmend(order) && !isAmending && (
          <button
            type="button"
            ref={amendButton}
            aria-label={`Amend order ${order.id}`}
            onClick={() => setAmending(true)}
          >
            Amend
          </button>
        )}
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

interface AmendmentProps {
  readonly order: Order;
  onAmend(change: { price?: string; quantity?: string }): void;
  onStop(): void;
}

const Amendment = ({ order, onAmend, onStop }: AmendmentProps): JSX.Element => {
  const [price, setPrice] = useState(order.price ?? "");
  const [quantity, setQuantity] = useState(order.quantity ?? "");
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.select(), []);
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
