import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActionButton } from "../action-button.tsx";
import { Card } from "../cards.tsx";
import { IdentityForm } from "../identity-form.tsx";
import { ShownOnce } from "../shown-once.tsx";
import type { SignedIn } from "../signed-in.ts";
import { CODE } from "../usual-fields.ts";
import { QrCode } from "./qr-code.tsx";
import { RECOVERY_CODES } from "./recovery-codes.tsx";

/** A secret that an authenticator app is to share with the exchange. */
interface Offer {
  readonly id: string;
  readonly secret: string;
  readonly uri: string;
}

/** Two-factor authentication by an authenticator app: off, being set up, or on. */
export const Authenticator = ({ identity, person }: SignedIn): JSX.Element => {
  const [offer, setOffer] = useState<Offer>();
  const [codes, setCodes] = useState<readonly string[]>();
  return (
    <Card title="Authenticator app">
      {codes !== undefined ? (
        <ShownOnce {...RECOVERY_CODES} secrets={codes} onKept={() => setCodes(undefined)} />
      ) : offer !== undefined ? (
        <SetUp
          identity={identity}
          person={person}
          offer={offer}
          onDone={(recoveryCodes) => {
            setOffer(undefined);
            setCodes(recoveryCodes);
          }}
          onGivenUp={() => setOffer(undefined)}
        />
      ) : person.factors.includes("totp") ? (
        <>
          <p>
            <strong class="up">On.</strong> Signing in asks for a code of your app.
          </p>
          <ActionButton
            label="Turn off"
            sure="Yes, turn it off"
            look="danger"
            act={async () => {
              const answer = await identity.change("DELETE", "totp");
              return answer.ok ? undefined : answer.problem;
            }}
          />
        </>
      ) : (
        <>
          <p>
            Off. With an authenticator app, somebody who learns your password still can't sign in.
          </p>
          <ActionButton
            label="Set up"
            look="primary"
            act={async () => {
              const answer = await identity.ask<Offer>("POST", "totp");
              if (!answer.ok) return answer.problem;
              setOffer(answer.json);
              return undefined;
            }}
          />
        </>
      )}
    </Card>
  );
};

interface SetUpProps extends SignedIn {
  readonly offer: Offer;
  /** With recovery codes, if it is the first factor of the account. */
  onDone(recoveryCodes: readonly string[] | undefined): void;
  onGivenUp(): void;
}

const SetUp = ({ identity, offer, onDone, onGivenUp }: SetUpProps): JSX.Element => (
  <div class="set-up">
    <QrCode text={offer.uri} label="The secret for your authenticator app, as a QR code" />
    <div class="steps">
      <p>Scan this with your authenticator app, or type the secret into it:</p>
      <p>
        <code class="secret">{inFours(offer.secret)}</code>
      </p>
      <IdentityForm
        label="Set up two-factor authentication"
        button="Confirm"
        fields={[{ ...CODE, label: "Code that the app shows now", inputMode: "numeric" }]}
        act={async (typed) => {
          const answer = await identity.change<{ recoveryCodes?: readonly string[] }>(
            "POST",
            "totp/confirm",
            { id: offer.id, code: typed.text("code").trim() },
          );
          if (!answer.ok) return answer.problem;
          onDone(answer.json.recoveryCodes);
          return undefined;
        }}
      />
      <button type="button" class="quiet" onClick={onGivenUp}>
        Not now
      </button>
    </div>
  </div>
);

const inFours = (secret: string): string => secret.replace(/(.{4})(?=.)/g, "$1 ");
