import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { SignedOutCard } from "./cards.tsx";
import type { FromMail } from "./from-mail.ts";
import { IdentityForm } from "./identity-form.tsx";
import { NEW_PASSWORD } from "./usual-fields.ts";

/** Sets another password by a mail's link. It signs nobody in: a second factor is still asked for where there is one. */
export const PasswordReset = ({ identity, token }: FromMail): JSX.Element => {
  const [isDone, setDone] = useState(false);
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
      <IdentityForm
        label="Set a new password"
        button="Set this password"
        fields={[NEW_PASSWORD]}
        act={async (typed) => {
          const body = { token, password: typed.text("password") };
          const answer = await identity.ask("POST", "password-reset/complete", body);
          if (!answer.ok) return answer.problem;
          setDone(true);
          return undefined;
        }}
      />
    </SignedOutCard>
  );
};
