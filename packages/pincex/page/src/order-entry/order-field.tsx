import type { JSX, TargetedInputEvent } from "preact";
import { useId } from "preact/hooks";

interface OrderFieldProps {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly type?: "text" | "datetime-local";
  /** What is wrong with it. */
  readonly problem: string | undefined;
  onInput(value: string): void;
  onFocus?(): void;
}

/** A field that is typed into, with its unit, and what is wrong with it below. */
export const OrderField = (props: OrderFieldProps): JSX.Element => {
  const { name, label, unit, value, placeholder, type = "text", problem } = props;
  const id = useId();
  const input = {
    id,
    name,
    value,
    autocomplete: "off",
    "aria-invalid": problem !== undefined,
    "aria-describedby": problem === undefined ? undefined : `${id}-problem`,
    onInput: ({ currentTarget }: TargetedInputEvent<HTMLInputElement>) =>
      props.onInput(currentTarget.value.trim()),
    onFocus: () => props.onFocus?.(),
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="box">
        {type === "text" ? (
          <input {...input} type="text" inputMode="decimal" placeholder={placeholder} />
        ) : (
          <input {...input} type="datetime-local" step="1" />
        )}
        <span class="unit">{unit}</span>
      </div>
      {problem !== undefined && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
};

interface ChoiceProps<Value extends string> {
  readonly name: string;
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly (readonly [Value, string])[];
  readonly problem?: string | undefined;
  onChoose(value: Value): void;
}

/** A field that is chosen from a list. */
export const OrderChoice = <Value extends string>(props: ChoiceProps<Value>): JSX.Element => {
  const { name, label, value, choices, problem, onChoose } = props;
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="box">
        <select
          id={id}
          name={name}
          value={value}
          aria-invalid={problem !== undefined}
          onChange={({ currentTarget }) => onChoose(currentTarget.value as Value)}
        >
          {choices.map(([choice, text]) => (
            <option key={choice} value={choice}>
              {text}
            </option>
          ))}
        </select>
      </div>
      {problem !== undefined && <p class="problem">{problem}</p>}
    </div>
  );
};

interface SegmentsProps<Value extends string> {
  readonly name: string;
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly (readonly [Value, string])[];
  onChoose(value: Value): void;
}

/** A choice of a few, side by side: arrow keys move in it. */
export const Segments = <Value extends string>(props: SegmentsProps<Value>): JSX.Element => {
  const { name, label, value, choices, onChoose } = props;
  return (
    <fieldset class={`segments ${name}`}>
      <legend class="unseen">{label}</legend>
      {choices.map(([choice, text]) => (
        <label key={choice} data-choice={choice}>
          <input
            type="radio"
            name={name}
            value={choice}
            checked={choice === value}
            onChange={() => onChoose(choice)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
};
