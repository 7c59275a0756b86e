import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { SignedOutCard } from "./cards.tsx";
import { factorOfCode } from "./factor.ts";
import type { FromMail } from "./from-mail.ts";
import { IdentityForm } from "./identity-form.tsx";
import { CODE, CURRENT_PASSWORD } from "./usual-fields.ts";

/** Thaws a frozen account: by a mail's link, the password, and a code where the account has codes. */
export const Thaw = ({ identity, token }: FromMail): JSX.Element => {
  const [isDone, setDone] = useState(false);
  if (isDone) {
    return (
      <SignedOutCard title="Your account is thawed">
        <p>Sign in, and look at your sessions and API keys first.</p>
        <a class="primary" href="#sign-in">
          Sign in
        </a>
      </SignedOutCard>
    );
  }
  return (
    <SignedOutCard title="Thaw your account">
      <IdentityForm
        label="Thaw your account"
        button="Thaw it"
        fields={[
          CURRENT_PASSWORD,
          { ...CODE, isOptional: true, hint: "If you have set up two-factor authentication." },
        ]}
        act={async (typed) => {
          const code = typed.text("code").trim();
          const answer = await identity.ask("POST", "thaw/complete", {
            token,
            password: typed.text("password"),
            ...(code === "" ? {} : { factor: factorOfCode(code) }),
          });
          if (!answer.ok) return answer.problem;
          setDone(true);
          return undefined;
        }}
      />
    </SignedOutCard>
  );
};
