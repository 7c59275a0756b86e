import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActionButton } from "./action-button.tsx";
import { SignedOutCard } from "./cards.tsx";
import type { Identity } from "./identity.ts";
import { IdentityForm } from "./identity-form.tsx";
import { signWithPasskey } from "./passkey.ts";
import { type Challenge, SecondFactor } from "./second-factor.tsx";
import { CURRENT_PASSWORD, EMAIL } from "./usual-fields.ts";

type FirstStep =
  | { readonly status: "signed_in" }
  | ({ readonly status: "factor_needed" } & Challenge);

/** Signs in: with a password and, where there is one, a second factor; or with a passkey alone. */
export const SignIn = ({ identity }: { readonly identity: Identity }): JSX.Element => {
  const [asked, setAsked] = useState<Challenge>();
  if (asked !== undefined) {
    return <SecondFactor identity={identity} asked={asked} onGivenUp={() => setAsked(undefined)} />;
  }
  return (
    <SignedOutCard title="Sign in">
      <IdentityForm
        label="Sign in"
        button="Sign in"
        fields={[EMAIL, CURRENT_PASSWORD]}
        act={async (typed) => {
          const body = { email: typed.text("email").trim(), password: typed.text("password") };
          const answer = await identity.ask<FirstStep>("POST", "sign-in", body);
          if (!answer.ok) return answer.problem;
          if (answer.json.status === "factor_needed") setAsked(answer.json);
          else await identity.refresh();
          return undefined;
        }}
      />
      <ActionButton
        label="Sign in with a passkey"
        act={async () => {
          const signed = await signWithPasskey(identity, "sign-in/passkey/options");
          if (!signed.ok) return signed.problem;
          const body = { response: signed.json };
          const answer = await identity.change("POST", "sign-in/passkey", body);
          return answer.ok ? undefined : answer.problem;
        }}
      />
      <p class="hint">
        New here? <a href="#sign-up">Sign up</a> · <a href="#forgotten">Forgotten password</a> ·{" "}
        <a href="#thaw">Frozen account</a>
      </p>
    </SignedOutCard>
  );
};
