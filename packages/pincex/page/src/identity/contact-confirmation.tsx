import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActionButton } from "./action-button.tsx";
import { SignedOutCard } from "./cards.tsx";
import type { FromMail } from "./from-mail.ts";

/** Confirms a change of address by a mail's link. By a press, not by being opened: programs that look through mails open links, too. */
export const ContactConfirmation = ({ identity, token }: FromMail): JSX.Element => {
  const [outcome, setOutcome] = useState<"asked" | "waiting" | "changed">("asked");
  return (
    <SignedOutCard title="Change of address">
      <p role="status">{WORDS[outcome]}</p>
      {outcome === "asked" ? (
        <ActionButton
          label="Yes, that was me"
          look="primary"
          act={async () => {
            const answer = await identity.ask<{ changed: boolean }>("POST", "contact", { token });
            if (!answer.ok) return answer.problem;
            if (identity.person !== undefined) await identity.refresh();
            setOutcome(answer.json.changed ? "changed" : "waiting");
            return undefined;
          }}
        />
      ) : (
        <a class="primary" href="#security">
          To your account
        </a>
      )}
    </SignedOutCard>
  );
};

const WORDS = {
  asked: "Somebody who was signed in to your account has asked to change its e-mail address.",
  waiting: "Confirmed. The address changes once the other mail is confirmed, too.",
  changed: "Confirmed. The address is changed.",
} as const;
