import type { JSX } from "preact";
import { momentWords } from "../../account/order-words.ts";
import { ActionButton } from "../action-button.tsx";
import { Card } from "../cards.tsx";
import type { SignedIn } from "../signed-in.ts";
import { useList } from "../use-list.ts";
import { type ApiKeyEntry, KIND_NAMES } from "./api-key-entry.ts";
import { NewApiKey } from "./new-api-key.tsx";

/** The keys that programs trade with: made here, and revoked. */
export const ApiKeys = ({ identity }: SignedIn): JSX.Element => {
  const { items, problem, read } = useList<ApiKeyEntry, "apiKeys">(identity, "api-keys", "apiKeys");
  return (
    <>
      <Card title="API keys">
        <p>Programs sign their requests with a key. It does only what you let it do.</p>
        {problem !== undefined && <p class="problem">{problem}</p>}
        {items.length === 0 && <p class="hint">You have none.</p>}
        <ul class="entries">
          {items.map((key) => (
            <li key={key.id}>
              <div>
                <strong>{key.label}</strong>
                {[KIND_NAMES[key.kind], ...key.permissions].map((word) => (
                  <span key={word} class="badge">
                    {word}
                  </span>
                ))}
                <p>
                  <code>{key.id}</code>
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
                    `api-keys/${encodeURIComponent(key.id)}`,
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
      <NewApiKey identity={identity} onMade={read} />
    </>
  );
};

const historyWords = (key: ApiKeyEntry): string =>
  [
    `Made ${momentWords(key.createdAt)}`,
    key.lastUsedAt === null ? "not used yet" : `last used ${momentWords(key.lastUsedAt)}`,
    key.expiresAt === null ? "" : `ends ${momentWords(key.expiresAt)}`,
    key.allowedAddresses.length === 0
      ? "from any address"
      : `only from ${key.allowedAddresses.join(", ")}`,
  ]
    .filter((words) => words !== "")
    .join(", ");
