import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { SignedOutCard } from "./cards.tsx";
import { type Factor, type FactorKind, factorOfCode, hasCode } from "./factor.ts";
import { IdentityForm, type Typed } from "./identity-form.tsx";
import type { IdentityAnswer } from "./identity-request.ts";
import type { FromMail } from "./mailed-link.tsx";
import { passkeyFactor } from "./passkey.ts";
import { refusalText } from "./refusal-text.ts";
import { CODE, NEW_PASSWORD } from "./usual-fields.ts";

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

  const factorOf = async (
    typed: Typed,
  ): Promise<IdentityAnswer<{ readonly factor?: Factor | undefined }>> => {
    const code = typed.text("code").trim();
    if (code !== "") return { ok: true, json: { factor: factorOfCode(code) } };
    if (!factors?.includes("passkey")) return { ok: true, json: {} };
    const factor = await passkeyFactor(identity, "password-reset/passkey", { token });
    return factor.ok ? { ok: true, json: { factor: factor.json } } : factor;
  };

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
            const proof = await factorOf(typed);
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

const codeFields = (factors: readonly FactorKind[]) => {
  if (!hasCode(factors)) return [];
  return factors.includes("passkey")
    ? [{ ...CODE, isOptional: true, hint: "Or leave it empty, and use your passkey." }]
    : [CODE];
};
