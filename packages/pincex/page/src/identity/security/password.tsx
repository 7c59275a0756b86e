import type { JSX } from "preact";
import { Card } from "../cards.tsx";
import { IdentityForm } from "../identity-form.tsx";
import type { SignedIn } from "../signed-in.ts";
import { NEW_PASSWORD } from "../usual-fields.ts";

/** Sets another password. */
export const Password = ({ identity, person }: SignedIn): JSX.Element => (
  <Card title="Password">
    <IdentityForm
      label="Change the password"
      button="Change the password"
      username={person.email}
      fields={[NEW_PASSWORD]}
      done="Changed."
      act={async (typed) => {
        const body = { password: typed.text("password") };
        const answer = await identity.change("POST", "password", body);
        return answer.ok ? undefined : answer.problem;
      }}
    />
  </Card>
);
