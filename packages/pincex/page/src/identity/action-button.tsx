import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { IdentityRefusal } from "./identity-request.ts";
import { refusalText } from "./refusal-text.ts";

interface ActionButtonProps {
  readonly label: string;
  /** What it is of, for those who hear it: "End the session of Chromium on Linux". */
  readonly means?: string;
  /** What a second press says yes to, where it can't be undone. */
  readonly sure?: string;
  readonly look?: "primary" | "plain" | "quiet" | "danger";
  /** Does it; answers why not, if it was refused. */
  act(): Promise<IdentityRefusal | undefined>;
}

/** A button that asks something of the exchange, and says beside it why it was refused. */
export const ActionButton = (props: ActionButtonProps): JSX.Element => {
  const { label, means, sure, look = "plain", act } = props;
  const [isAsked, setAsked] = useState(false);
  const [isUnderWay, setUnderWay] = useState(false);
  const [problem, setProblem] = useState("");

  const press = async (): Promise<void> => {
    if (sure !== undefined && !isAsked) {
      setAsked(true);
      return;
    }
    setAsked(false);
    setUnderWay(true);
    const refused = await act();
    setUnderWay(false);
    setProblem(refused === undefined ? "" : refusalText(refused));
  };

  return (
    <span class="action">
      <button
        type="button"
        class={isAsked ? "danger" : look}
        disabled={isUnderWay}
        aria-label={isAsked ? sure : means}
        onClick={() => void press()}
        onBlur={() => setAsked(false)}
      >
        {isAsked ? sure : label}
      </button>
      {problem !== "" && (
        <span class="problem" role="alert">
          {problem}
        </span>
      )}
    </span>
  );
};
