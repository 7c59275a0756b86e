import type { JSX } from "preact";
import { Card } from "../cards.tsx";
import { IdentityForm } from "../identity-form.tsx";
import { codeFields, shownFactor } from "../shown-factor.ts";
import type { SignedIn } from "../signed-in.ts";

/** Words that stand in every mail of the exchange, so that a false one is known by their absence. A second factor confirms them. */
export const AntiPhishing = ({
  identity,
  person: { factors, hasPhrase },
}: SignedIn): JSX.Element => (
  <Card title="Anti-phishing phrase">
    <p>
      Words that only you know. They stand in every mail that we send you: a mail without them is
      not ours.{hasPhrase ? " You have chosen yours; others can take their place." : ""}
    </p>
    {factors.length === 0 ? (
      <p class="hint">Set up an authenticator app or a passkey first: it confirms the phrase.</p>
    ) : (
      <IdentityForm
        label="Set the anti-phishing phrase"
        button="Set the phrase"
        fields={[{ name: "phrase", label: "Phrase" }, ...codeFields(factors)]}
        done="Set."
        act={async (typed) => {
          const phrase = typed.text("phrase").trim();
          const question = { path: "anti-phishing-phrase/passkey", body: { phrase } };
          const proof = await shownFactor(identity, factors, typed, question);
          if (!proof.ok) return proof.problem;
          const body = { phrase, ...proof.json };
          const answer = await identity.change("POST", "anti-phishing-phrase", body);
          return answer.ok ? undefined : answer.problem;
        }}
      />
    )}
  </Card>
);
