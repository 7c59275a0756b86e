import type { JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useChanges } from "../changes.ts";
import { ActionButton } from "./action-button.tsx";
import { type FactorKind, factorOfCode, hasCode } from "./factor.ts";
import { IdentityForm } from "./identity-form.tsx";
import { askIdentity, type IdentityRefusal } from "./identity-request.ts";
import { passkeyFactor } from "./passkey.ts";
import type { Reauthentication } from "./reauthentication.ts";
import { CODE, CURRENT_PASSWORD } from "./usual-fields.ts";

interface ReauthenticationProps {
  readonly reauthentication: Reauthentication;
  readonly username: string;
}

/** Asks again whose account it is, over whatever was about to be done. */
export const ReauthenticationDialog = (props: ReauthenticationProps): JSX.Element | null => {
  useChanges(props.reauthentication);
  const { factors } = props.reauthentication;
  return factors === undefined ? null : <Question {...props} factors={factors} />;
};

interface QuestionProps extends ReauthenticationProps {
  readonly factors: readonly FactorKind[];
}

/** A passkey is proof enough; a password only together with a code, where the account has codes. */
const Question = ({ reauthentication, factors, username }: QuestionProps): JSX.Element => {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const give = async (proof: object): Promise<IdentityRefusal | undefined> => {
    const answer = await askIdentity("POST", "reauthenticate", proof);
    if (!answer.ok) return answer.problem;
    reauthentication.finish(true);
    return undefined;
  };
  const giveUp = (): void => reauthentication.finish(false);
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby={title} onClose={giveUp}>
      <div class="dialog-head">
        <h2 id={title}>Is it you?</h2>
        <button type="button" class="quiet" aria-label="Close" onClick={giveUp}>
          ✕
        </button>
      </div>
      <p class="hint">This changes how your account is protected: prove again that it is you.</p>
      {factors.includes("passkey") && (
        <ActionButton
          label="Use a passkey"
          look="primary"
          act={async () => {
            const factor = await passkeyFactor({ ask: askIdentity }, "reauthenticate/passkey");
            return factor.ok ? give({ factor: factor.json }) : factor.problem;
          }}
        />
      )}
      {(hasCode(factors) || factors.length === 0) && (
        <IdentityForm
          label="Prove it with your password"
          button="Go on"
          username={username}
          fields={hasCode(factors) ? [CURRENT_PASSWORD, CODE] : [CURRENT_PASSWORD]}
          act={(typed) =>
            give({
              password: typed.text("password"),
              ...(hasCode(factors) ? { factor: factorOfCode(typed.text("code")) } : {}),
            })
          }
        />
      )}
    </dialog>
  );
};
