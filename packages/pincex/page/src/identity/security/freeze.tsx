import type { JSX } from "preact";
import { ActionButton } from "../action-button.tsx";
import { Card } from "../cards.tsx";
import type { SignedIn } from "../signed-in.ts";

/** Stops everything, at once, for somebody who thinks that another one is in their account. */
export const Freeze = ({ identity }: SignedIn): JSX.Element => (
  <Card title="Freeze the account">
    <p>
      If you think that somebody else is in your account: everybody is signed out, you too, and
      nothing can be done with it until you thaw it by the link of a mail.
    </p>
    <ActionButton
      label="Freeze"
      sure="Yes, freeze my account"
      look="danger"
      act={async () => {
        const answer = await identity.leave("freeze");
        return answer.ok ? undefined : answer.problem;
      }}
    />
  </Card>
);
