import type { JSX } from "preact";
import {
  type ChosenField,
  type Field,
  ORDER_KINDS,
  type OrderDraft,
  type TypedField,
  takenFields,
} from "./order-draft.ts";
import { OrderChoice } from "./order-field.tsx";

interface MoreConditionsProps {
  readonly draft: OrderDraft;
  readonly problems: Readonly<Partial<Record<Field, string>>>;
  field(name: TypedField): JSX.Element;
  onChange(change: Partial<OrderDraft>): void;
}

type Choices<Name extends ChosenField> = readonly (readonly [OrderDraft[Name] & string, string])[];

const TIMES: Choices<"timeInForce"> = [
  ["gtc", "Until cancelled"],
  ["ioc", "Now, the rest not"],
  ["fok", "Now, all or nothing"],
  ["gtd", "Until a time"],
  ["day", "Until the day ends"],
  ["at_open", "At the opening auction"],
  ["at_close", "At the closing auction"],
];

const MARKET_TIMES: Choices<"timeInForce"> = [
  ["ioc", "Now, the rest not"],
  ["fok", "Now, all or nothing"],
];

const POST_ONLY: Choices<"postOnly"> = [
  ["", "May take"],
  ["reject", "Post only: else refuse"],
  ["slide", "Post only: else slide"],
];

const TRIGGERS: Choices<"triggerOn"> = [
  ["last", "Last trade"],
  ["mark", "Mark price"],
];

const PEGS: Choices<"peg"> = [
  ["primary", "Best of its own side"],
  ["market", "Best of the other side"],
  ["mid", "The middle"],
];

const SELF_TRADES: Choices<"selfTrade"> = [
  ["", "Allowed"],
  ["expire_taker", "Ends the new order"],
  ["expire_maker", "Ends the resting order"],
  ["expire_both", "Ends both"],
  ["decrement", "Takes from both"],
];

const LABELS = {
  timeInForce: "Time in force",
  postOnly: "Post only",
  triggerOn: "Triggered by",
  peg: "Follows",
  selfTrade: "Trade with oneself",
  hidden: "Hidden in the book",
  allOrNone: "All or none",
} as const satisfies Record<ChosenField, string>;

/** What decides the order's fate is in sight; what few ask for is behind a fold. */
const IN_SIGHT: ReadonlySet<Field> = new Set([
  "timeInForce",
  "postOnly",
  "expiresAt",
  "peg",
  "stopPrice",
]);

/** What else the chosen kind of order may say. */
export const MoreConditions = (props: MoreConditionsProps): JSX.Element => {
  const { draft } = props;
  const chosen = ORDER_KINDS[draft.kind].chooses;
  const taken = takenFields(draft);
  const draw = (name: Field): JSX.Element => conditionOf(name, props);
  const all: readonly Field[] = [...chosen.filter((name) => !isFlag(name)), ...taken];
  const folded = all.filter((name) => !IN_SIGHT.has(name));
  const flags = chosen.filter(isFlag);
  const inSight = all.filter((name) => IN_SIGHT.has(name));
  return (
    <>
      {inSight.length > 0 && <div class="conditions">{inSight.map(draw)}</div>}
      {folded.length + flags.length > 0 && (
        <details class="more">
          <summary>More conditions</summary>
          <div class="conditions">{folded.map(draw)}</div>
          {flags.map((name) => (
            <label key={name} class="flag">
              <input
                type="checkbox"
                name={name}
                checked={draft[name]}
                onChange={({ currentTarget }) => props.onChange({ [name]: currentTarget.checked })}
              />
              {LABELS[name]}
            </label>
          ))}
        </details>
      )}
    </>
  );
};

const isFlag = (name: ChosenField): name is "hidden" | "allOrNone" =>
  name === "hidden" || name === "allOrNone";

const conditionOf = (
  name: Field,
  { draft, problems, field, onChange }: MoreConditionsProps,
): JSX.Element => {
  const choice = <Name extends ChosenField>(chosen: Name, choices: Choices<Name>): JSX.Element => (
    <OrderChoice
      key={name}
      name={name}
      label={LABELS[chosen]}
      value={draft[chosen] as OrderDraft[Name] & string}
      choices={choices}
      problem={problems[chosen]}
      onChoose={(value) => onChange({ [chosen]: value })}
    />
  );
  switch (name) {
    case "timeInForce":
      return choice(name, draft.kind === "market" ? MARKET_TIMES : TIMES);
    case "postOnly":
      return choice(name, POST_ONLY);
    case "triggerOn":
      return choice(name, TRIGGERS);
    case "peg":
      return choice(name, PEGS);
    case "selfTrade":
      return choice(name, SELF_TRADES);
    case "hidden":
    case "allOrNone":
      throw new TypeError(`expected a field that is typed or chosen, was ${name}`);
    default:
      return field(name);
  }
};
