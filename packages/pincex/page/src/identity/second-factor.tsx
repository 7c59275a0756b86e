import type { JSX } from "preact";
import { ActionButton } from "./action-button.tsx";
import { SignedOutCard } from "./cards.tsx";
import { type Factor, type FactorKind, factorOfCode, hasCode } from "./factor.ts";
import type { Identity } from "./identity.ts";
import { IdentityForm } from "./identity-form.tsx";
import type { IdentityRefusal } from "./identity-request.ts";
import { passkeyFactor } from "./passkey.ts";
import { CODE } from "./usual-fields.ts";

/** What the right password alone has opened: the question for a second factor. */
export interface Challenge {
  readonly challenge: string;
  readonly factors: readonly FactorKind[];
}

interface SecondFactorProps {
  readonly identity: Identity;
  readonly asked: Challenge;
  onGivenUp(): void;
}

/** The second step of signing in: a passkey, a code, or a recovery code. */
export const SecondFactor = ({ identity, asked, onGivenUp }: SecondFactorProps): JSX.Element => {
  const { challenge, factors } = asked;
  const give = async (factor: Factor): Promise<IdentityRefusal | undefined> => {
    const answer = await identity.change("POST", "sign-in/factor", { challenge, factor });
    return answer.ok ? undefined : answer.problem;
  };
  return (
    <SignedOutCard title="Second step">
      {factors.includes("passkey") && (
        <ActionButton
          label="Use a passkey"
          look="primary"
          act={async () => {
            const factor = await passkeyFactor(identity, "sign-in/factor/passkey", { challenge });
            return factor.ok ? give(factor.json) : factor.problem;
          }}
        />
      )}
      {hasCode(factors) && (
        <IdentityForm
          label="Second step"
          button="Go on"
          fields={[CODE]}
          act={(typed) => give(factorOfCode(typed.text("code")))}
        />
      )}
      <button type="button" class="quiet" onClick={onGivenUp}>
        Back
      </button>
    </SignedOutCard>
  );
};
