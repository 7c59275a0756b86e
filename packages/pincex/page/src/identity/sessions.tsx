import type { JSX } from "preact";
import { momentWords } from "../account/order-words.ts";
import { ActionButton } from "./action-button.tsx";
import { Card } from "./cards.tsx";
import type { SignedIn } from "./signed-in.ts";
import { useList } from "./use-list.ts";

interface SessionEntry {
  readonly id: string;
  readonly current: boolean;
  readonly deviceName: string;
  readonly address: string;
  readonly startedAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
}

/** Where somebody is signed in to the account; each can be ended, and all at once. */
export const Sessions = ({ identity }: SignedIn): JSX.Element => {
  const { items, problem, read } = useList<SessionEntry, "sessions">(
    identity,
    "sessions",
    "sessions",
  );
  return (
    <Card title="Where you are signed in">
      {problem !== undefined && <p class="problem">{problem}</p>}
      <ul class="entries">
        {items.map(({ id, current, deviceName, address, startedAt, lastSeenAt, expiresAt }) => (
          <li key={id}>
            <div>
              <strong>{deviceName}</strong>
              {current && <span class="badge">this one</span>}
              <p class="hint">
                From {address}, since {momentWords(startedAt)}, last seen {momentWords(lastSeenAt)},
                ends by {momentWords(expiresAt)}
              </p>
            </div>
            {!current && (
              <ActionButton
                label="End"
                means={`End the session of ${deviceName}`}
                look="danger"
                act={async () => {
                  const answer = await identity.ask("DELETE", `sessions/${encodeURIComponent(id)}`);
                  if (!answer.ok) return answer.problem;
                  await read();
                  return undefined;
                }}
              />
            )}
          </li>
        ))}
      </ul>
      {items.length > 1 && (
        <ActionButton
          label="End all others"
          sure="Yes, all but this one"
          look="danger"
          act={async () => {
            const answer = await identity.ask("DELETE", "sessions");
            if (!answer.ok) return answer.problem;
            await read();
            return undefined;
          }}
        />
      )}
    </Card>
  );
};
