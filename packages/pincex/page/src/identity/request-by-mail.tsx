import type { JSX } from "preact";
import { SignedOutCard } from "./cards.tsx";
import type { Identity } from "./identity.ts";
import { IdentityForm } from "./identity-form.tsx";
import { EMAIL } from "./usual-fields.ts";

interface RequestByMailProps {
  readonly identity: Identity;
  readonly title: string;
  /** What is asked for: the exchange sends a link if there is such an account, and says the same if there is none. */
  readonly path: "password-reset" | "thaw";
}

/** Asks for a mail with a link, for somebody who can't sign in. */
export const RequestByMail = ({ identity, title, path }: RequestByMailProps): JSX.Element => (
  <SignedOutCard title={title}>
    <IdentityForm
      label={title}
      button="Send me a link"
      fields={[EMAIL]}
      done="If there is such an account at that address, a message with a link is on its way."
      act={async (typed) => {
        const answer = await identity.ask("POST", path, { email: typed.text("email").trim() });
        return answer.ok ? undefined : answer.problem;
      }}
    />
    <p class="hint">
      <a href="#sign-in">Back to signing in</a>
    </p>
  </SignedOutCard>
);
