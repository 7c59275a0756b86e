import type { JSX } from "preact";
import { Card } from "../cards.tsx";
import { IdentityForm } from "../identity-form.tsx";
import type { SignedIn } from "../signed-in.ts";
import { EMAIL } from "../usual-fields.ts";

/** Whose account it is, and what they are called. */
export const Profile = ({ identity, person }: SignedIn): JSX.Element => (
  <Card title="Profile">
    <IdentityForm
      label="Change the profile"
      button="Keep this name"
      fields={[
        { name: "displayName", label: "Name", value: person.displayName ?? "", isOptional: true },
      ]}
      done="Kept."
      act={async (typed) => {
        const body = { displayName: typed.text("displayName").trim() || null };
        const answer = await identity.change("POST", "profile", body);
        return answer.ok ? undefined : answer.problem;
      }}
    />
    <IdentityForm
      label="Change the e-mail address"
      button="Change the address"
      fields={[{ ...EMAIL, label: "E-mail address", value: person.email }]}
      done="Two messages are on their way: one to each address. It changes when both are confirmed."
      act={async (typed) => {
        const answer = await identity.ask("POST", "email", { email: typed.text("email").trim() });
        return answer.ok ? undefined : answer.problem;
      }}
    />
  </Card>
);
