import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { SignedOutCard } from "./cards.tsx";
import type { FromMail } from "./from-mail.ts";
import { IdentityForm } from "./identity-form.tsx";
import { NEW_PASSWORD } from "./usual-fields.ts";

/** Chooses a password, by the link of the mail that came after signing up. */
export const Registration = ({ identity, token }: FromMail): JSX.Element => {
  const [isDone, setDone] = useState(false);
  if (isDone) {
    return (
      <SignedOutCard title="Welcome">
        <p>Your account is ready.</p>
        <a class="primary" href="#sign-in">
          Sign in
        </a>
      </SignedOutCard>
    );
  }
  return (
    <SignedOutCard title="Choose a password">
      <IdentityForm
        label="Choose a password"
        button="Open the account"
        fields={[
          { ...NEW_PASSWORD, label: "Password" },
          { name: "displayName", label: "What we may call you", isOptional: true },
        ]}
        act={async (typed) => {
          const displayName = typed.text("displayName").trim();
          const answer = await identity.ask("POST", "register/complete", {
            token,
            password: typed.text("password"),
            ...(displayName === "" ? {} : { displayName }),
          });
          if (!answer.ok) return answer.problem;
          setDone(true);
          return undefined;
        }}
      />
    </SignedOutCard>
  );
};
