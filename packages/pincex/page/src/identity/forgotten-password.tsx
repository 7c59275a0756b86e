import type { JSX } from "preact";
import { SignedOutCard } from "./cards.tsx";
import type { Identity } from "./identity.ts";
import { IdentityForm } from "./identity-form.tsx";
import { EMAIL } from "./usual-fields.ts";

/** Asks for a link to set another password. It says the same whether there is such an account or not. */
export const ForgottenPassword = ({ identity }: { readonly identity: Identity }): JSX.Element => (
  <SignedOutCard title="Forgotten password">
    <IdentityForm
      label="Forgotten password"
      button="Send me a link"
      fields={[EMAIL]}
      done="If there is an account at that address, a message with a link is on its way."
      act={async (typed) => {
        const body = { email: typed.text("email").trim() };
        const answer = await identity.ask("POST", "password-reset", body);
        return answer.ok ? undefined : answer.problem;
      }}
    />
    <p class="hint">
      <a href="#sign-in">Back to signing in</a>
    </p>
  </SignedOutCard>
);
