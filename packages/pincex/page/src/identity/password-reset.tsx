import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { SignedOutCard } from "./cards.tsx";
import type { FactorKind } from "./factor.ts";
import { IdentityForm } from "./identity-form.tsx";
import type { FromMail } from "./mailed-link.tsx";
import { refusalText } from "./refusal-text.ts";
import { codeFields, shownFactor } from "./shown-factor.ts";
import { NEW_PASSWORD } from "./usual-fields.ts";

/** Sets another password by a mail's link. A second factor is still needed where there is one. */
export const PasswordReset = ({ identity, token }: FromMail): JSX.Element => {
  const [factors, setFactors] = useState<readonly FactorKind[]>();
  const [problem, setProblem] = useState("");
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    const path = "password-reset/factors";
    void identity.ask<{ factors: FactorKind[] }>("POST", path, { token }).then((answer) => {
      if (answer.ok) setFactors(answer.json.factors);
      else setProblem(refusalText(answer.problem));
    });
  }, [identity, token]);

  if (problem !== "") {
    return (
      <SignedOutCard title="Set a new password">
        <p class="problem" role="alert">
          {problem}
        </p>
        <a href="#forgotten">Ask for another link</a>
      </SignedOutCard>
    );
  }
  if (isDone) {
    return (
      <SignedOutCard title="Your password is changed">
        <p>Whoever was signed in with the old one is signed out.</p>
        <a class="primary" href="#sign-in">
          Sign in
        </a>
      </SignedOutCard>
    );
  }
  return (
    <SignedOutCard title="Set a new password">
      {factors !== undefined && (
        <IdentityForm
          label="Set a new password"
          button="Set this password"
          fields={[NEW_PASSWORD, ...codeFields(factors)]}
          act={async (typed) => {
            const question = { path: "password-reset/passkey", body: { token } };
            const proof = await shownFactor(identity, factors, typed, question);
            if (!proof.ok) return proof.problem;
            const body = { token, password: typed.text("password"), ...proof.json };
            const answer = await identity.ask("POST", "password-reset/complete", body);
            if (!answer.ok) return answer.problem;
            setDone(true);
            return undefined;
          }}
        />
      )}
    </SignedOutCard>
  );
};
