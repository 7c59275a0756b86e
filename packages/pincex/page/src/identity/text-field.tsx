import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";

export interface TextFieldProps {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "email" | "password" | "several-lines";
  /** What password managers and phones fill in. */
  readonly autocomplete?:
    | "username"
    | "current-password"
    | "new-password"
    | "one-time-code"
    | "off";
  readonly inputMode?: "text" | "numeric";
  readonly placeholder?: string;
  readonly value?: string;
  readonly isOptional?: boolean;
  readonly hint?: string;
}

/** A field that is typed or pasted into, with what it is for, and what is wrong with it below. */
export const TextField = ({
  problem,
  ...props
}: TextFieldProps & { readonly problem: string | undefined }): JSX.Element => {
  const { name, label, type = "text", hint } = props;
  const id = useId();
  const input = {
    id,
    name,
    autocomplete: props.autocomplete ?? "off",
    placeholder: props.placeholder,
    defaultValue: props.value,
    required: props.isOptional !== true,
    spellcheck: false,
    autocapitalize: "none",
    "aria-invalid": problem !== undefined,
    "aria-describedby": `${id}-hint ${id}-problem`,
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class={type === "several-lines" ? "box several-lines" : "box"}>
        {type === "several-lines" && <textarea {...input} rows={4} />}
        {type === "password" && <PasswordInput input={input} label={label} />}
        {type === "email" && <input {...input} type="email" />}
        {type === "text" && <input {...input} type="text" inputMode={props.inputMode} />}
      </div>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem !== undefined && (
        <p class="problem" role="alert" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
};

interface PasswordInputProps {
  /** What it has in common with other fields. */
  readonly input: object;
  readonly label: string;
}

/** Hidden from who looks over the shoulder, until whoever types wants to see it. */
const PasswordInput = ({ input, label }: PasswordInputProps): JSX.Element => {
  const [isShown, setShown] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const toggle = (): void => {
    // The same element: another one would have lost what was typed.
    if (field.current !== null) field.current.type = isShown ? "password" : "text";
    setShown(!isShown);
  };
  return (
    <>
      <input {...input} type="password" ref={field} />
      <button
        type="button"
        class="quiet"
        aria-pressed={isShown}
        aria-label={`Show ${label.toLowerCase()}`}
        onClick={toggle}
      >
        {isShown ? "Hide" : "Show"}
      </button>
    </>
  );
};
