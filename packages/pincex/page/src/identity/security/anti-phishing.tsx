import type { JSX } from "preact";
import { Card } from "../cards.tsx";
import { IdentityForm } from "../identity-form.tsx";
import type { SignedIn } from "../signed-in.ts";

/** Words that stand in every mail of the exchange, so that a false one is known by their absence. */
export const AntiPhishing = ({ identity, person }: SignedIn): JSX.Element => (
  <Card title="Anti-phishing phrase">
    <p>
      Words that only you know. They stand in every mail that we send you: a mail without them is
      not ours.{person.hasPhrase ? " You have chosen yours; others can take their place." : ""}
    </p>
    <IdentityForm
      label="Set the anti-phishing phrase"
      button="Set the phrase"
      fields={[{ name: "phrase", label: "Phrase" }]}
      done="Set."
      act={async (typed) => {
        const body = { phrase: typed.text("phrase").trim() };
        const answer = await identity.change("POST", "anti-phishing-phrase", body);
        return answer.ok ? undefined : answer.problem;
      }}
    />
  </Card>
);
