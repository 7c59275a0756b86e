import type { JSX } from "preact";
import { momentWords } from "../../account/order-words.ts";
import { ActionButton } from "../action-button.tsx";
import { Card } from "../cards.tsx";
import type { SignedIn } from "../signed-in.ts";
import { useList } from "../use-list.ts";
import type { ApiKeyEntry } from "./api-key-entry.ts";
import { NewApiKey } from "./new-api-key.tsx";

/** The keys that programs trade with: made here, and revoked. */
export const ApiKeys = ({ identity, person }: SignedIn): JSX.Element => {
  const { items, problem, read } = useList<ApiKeyEntry, "apiKeys">(identity, "api-keys", "apiKeys");
  return (
    <>
      <Card title="API keys">
        <p>Programs sign their requests with a key. It does only what you let it do.</p>
        {problem !== undefined && <p class="problem">{problem}</p>}
        {items.length === 0 && <p class="hint">You have none.</p>}
        <ul class="entries">
          {items.map((key) => (
            <li key={key.apiKey}>
              <div>
                <strong>{key.label}</strong>
                {[KIND_NAMES[key.kind], ...key.permissions].map((word) => (
                  <span key={word} class="badge">
                    {word}
                  </span>
                ))}
                <p>
                  <code>{key.apiKey}</code>
                </p>
                <p class="hint">{historyWords(key)}</p>
              </div>
              <ActionButton
                label="Revoke"
                means={`Revoke the key ${key.label}`}
                sure="Yes, revoke it"
                look="danger"
                act={async () => {
                  const answer = await identity.ask(
                    "DELETE",
                    `api-keys/${encodeURIComponent(key.apiKey)}`,
                  );
                  if (!answer.ok) return answer.problem;
                  await read();
                  return undefined;
                }}
              />
            </li>
          ))}
        </ul>
      </Card>
      <NewApiKey identity={identity} person={person} onMade={read} />
    </>
  );
};

const KIND_NAMES = { hmac: "HMAC", ed25519: "Ed25519", rsa: "RSA" } as const;

const historyWords = (key: ApiKeyEntry): string =>
  [
    `Made ${momentWords(key.createdAt)}`,
    key.lastUsedAt ? `last used ${momentWords(key.lastUsedAt)}` : "not used yet",
    key.expiresAt ? `ends ${momentWords(key.expiresAt)}` : "",
    key.networks.length === 0 ? "from any address" : `only from ${key.networks.join(", ")}`,
  ]
    .filter((words) => words !== "")
    .join(", ");
