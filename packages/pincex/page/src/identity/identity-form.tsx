import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { IdentityRefusal } from "./identity-request.ts";
import { refusalText } from "./refusal-text.ts";
import { TextField, type TextFieldProps } from "./text-field.tsx";

interface IdentityFormProps {
  /** What it is, for those who hear it. */
  readonly label: string;
  readonly button: string;
  readonly fields: readonly TextFieldProps[];
  /** What is said when it is done. */
  readonly done?: string;
  /** Whose account it is: password managers then know which password is meant. */
  readonly username?: string;
  readonly children?: ComponentChildren;
  /** Does what the form is for; answers why not, if it was refused. */
  act(typed: Typed): Promise<IdentityRefusal | undefined>;
}

/** What was typed, by the names of the fields; empty where nothing was. */
export interface Typed {
  text(name: string): string;
  all(name: string): readonly string[];
}

type Outcome =
  | { readonly is: "none" | "under_way" | "done" }
  | { readonly is: "refused"; readonly refusal: IdentityRefusal };

/** A form: what is refused is said at the field that is at fault, and below the others where none is. */
export const IdentityForm = (props: IdentityFormProps): JSX.Element => {
  const { label, button, fields, done, username, children, act } = props;
  const [outcome, setOutcome] = useState<Outcome>({ is: "none" });
  const form = useRef<HTMLFormElement>(null);
  const refusal = outcome.is === "refused" ? outcome.refusal : undefined;
  const faulty = fieldOf(refusal);
  const isOfField = fields.some(({ name }) => name === faulty);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (outcome.is === "under_way" || form.current === null) return;
    setOutcome({ is: "under_way" });
    const refused = await act(typedIn(new FormData(form.current)));
    setOutcome(refused === undefined ? { is: "done" } : { is: "refused", refusal: refused });
    if (refused === undefined) form.current?.reset();
    else inputOf(form.current, fieldOf(refused))?.focus();
  };

  return (
    <form class="identity-form" ref={form} aria-label={label} onSubmit={submit}>
      {username !== undefined && (
        <input type="email" name="username" autocomplete="username" value={username} hidden />
      )}
      {fields.map((field) => (
        <TextField
          key={field.name}
          {...field}
          problem={
            refusal !== undefined && faulty === field.name ? refusalText(refusal) : undefined
          }
        />
      ))}
      {children}
      {refusal !== undefined && !isOfField && (
        <p class="problem" role="alert">
          {refusalText(refusal)}
        </p>
      )}
      <button type="submit" class="primary" disabled={outcome.is === "under_way"}>
        {button}
      </button>
      {done !== undefined && outcome.is === "done" && (
        <p class="done" role="status">
          {done}
        </p>
      )}
    </form>
  );
};

const typedIn = (data: FormData): Typed => ({
  text: (name) => String(data.get(name) ?? ""),
  all: (name) => data.getAll(name).map(String),
});

/** "factor.code" is the form's field "code". */
const fieldOf = (refusal: IdentityRefusal | undefined): string | undefined =>
  refusal?.field?.split(".").at(-1);

const inputOf = (
  form: HTMLFormElement | null,
  name: string | undefined,
): HTMLElement | undefined => {
  const found = form?.elements.namedItem(name ?? "");
  return found instanceof HTMLElement ? found : undefined;
};
