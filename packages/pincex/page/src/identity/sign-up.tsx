import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { SignedOutCard } from "./cards.tsx";
import type { Identity } from "./identity.ts";
import { IdentityForm } from "./identity-form.tsx";
import { EMAIL } from "./usual-fields.ts";

/** Asks for an account. What it answers is the same whether there is one at that address or not. */
export const SignUp = ({ identity }: { readonly identity: Identity }): JSX.Element => {
  const [email, setEmail] = useState("");
  if (email !== "") {
    return (
      <SignedOutCard title="Look into your mail">
        <p>
          We have sent a message to <strong>{email}</strong>. Go on with its link: you choose a
          password there.
        </p>
        <p class="hint">Nothing there? Look into the folder for spam, or sign up once more.</p>
      </SignedOutCard>
    );
  }
  return (
    <SignedOutCard title="Sign up">
      <IdentityForm
        label="Sign up"
        button="Sign up"
        fields={[EMAIL]}
        act={async (typed) => {
          const body = { email: typed.text("email").trim() };
          const answer = await identity.ask("POST", "register", body);
          if (!answer.ok) return answer.problem;
          setEmail(body.email);
          return undefined;
        }}
      />
      <p class="hint">
        You have an account? <a href="#sign-in">Sign in</a>
      </p>
    </SignedOutCard>
  );
};
