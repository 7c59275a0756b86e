import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { momentWords } from "../../account/order-words.ts";
import { ActionButton } from "../action-button.tsx";
import { Card } from "../cards.tsx";
import { IdentityForm } from "../identity-form.tsx";
import { addPasskey } from "../passkey.ts";
import { ShownOnce } from "../shown-once.tsx";
import type { SignedIn } from "../signed-in.ts";
import { useList } from "../use-list.ts";
import { RECOVERY_CODES } from "./recovery-codes.tsx";

interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUsedAt?: number | null;
}

/** The passkeys of the account: they are added here and taken away. */
export const Passkeys = ({ identity }: SignedIn): JSX.Element => {
  const { items, problem, read } = useList<Passkey, "passkeys">(identity, "passkeys", "passkeys");
  const [codes, setCodes] = useState<readonly string[]>();
  return (
    <Card title="Passkeys">
      <p>
        A passkey signs you in with your fingerprint, face or PIN, and can't be given to a false
        page.
      </p>
      {problem !== undefined && <p class="problem">{problem}</p>}
      {items.length > 0 && (
        <ul class="entries">
          {items.map(({ id, name, createdAt, lastUsedAt }) => (
            <li key={id}>
              <div>
                <strong>{name}</strong>
                <p class="hint">
                  Added {momentWords(createdAt)}
                  {lastUsedAt ? `, last used ${momentWords(lastUsedAt)}` : ", not used yet"}
                </p>
              </div>
              <ActionButton
                label="Remove"
                means={`Remove the passkey ${name}`}
                sure="Yes, remove it"
                look="danger"
                act={async () => {
                  const answer = await identity.change(
                    "DELETE",
                    `passkeys/${encodeURIComponent(id)}`,
                  );
                  if (!answer.ok) return answer.problem;
                  await read();
                  return undefined;
                }}
              />
            </li>
          ))}
        </ul>
      )}
      {codes !== undefined && (
        <ShownOnce {...RECOVERY_CODES} secrets={codes} onKept={() => setCodes(undefined)} />
      )}
      <IdentityForm
        label="Add a passkey"
        button="Add a passkey"
        fields={[{ name: "name", label: "Name of this device", placeholder: "My phone" }]}
        act={async (typed) => {
          const answer = await addPasskey(identity, typed.text("name").trim());
          if (!answer.ok) return answer.problem;
          setCodes(answer.json.recoveryCodes);
          await Promise.all([read(), identity.refresh()]);
          return undefined;
        }}
      />
    </Card>
  );
};
