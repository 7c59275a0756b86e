import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActionButton } from "./action-button.tsx";
import { SignedOutCard } from "./cards.tsx";
import type { Identity } from "./identity.ts";

/** What a screen needs that a mail's link leads to. */
export interface FromMail {
  readonly identity: Identity;
  readonly token: string;
}

interface MailedLinkProps extends FromMail {
  /** Where the token is sent. */
  readonly path: "contact" | "thaw";
}

const WORDS = {
  contact: {
    title: "Change of address",
    says: "Somebody who was signed in to your account has asked to change its e-mail address.",
    button: "Yes, that was me",
    done: "Confirmed. The address changes once both mails are confirmed.",
  },
  thaw: {
    title: "Thaw your account",
    says: "Your account was frozen. Thaw it once you know that nobody else can sign in to it.",
    button: "Thaw it",
    done: "It is thawed. Sign in and look at your sessions and API keys first.",
  },
} as const;

/** Confirms by a mail's link. By a press, not by being opened: programs that look through mails open links, too. */
export const MailedLink = ({ identity, token, path }: MailedLinkProps): JSX.Element => {
  const [isDone, setDone] = useState(false);
  const { title, says, button, done } = WORDS[path];
  return (
    <SignedOutCard title={title}>
      <p role="status">{isDone ? done : says}</p>
      {isDone ? (
        <a class="primary" href="#security">
          To your account
        </a>
      ) : (
        <ActionButton
          label={button}
          look="primary"
          act={async () => {
            const answer = await identity.ask("POST", path, { token });
            if (!answer.ok) return answer.problem;
            if (identity.person !== undefined) await identity.refresh();
            setDone(true);
            return undefined;
          }}
        />
      )}
    </SignedOutCard>
  );
};
