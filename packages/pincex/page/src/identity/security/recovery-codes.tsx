import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActionButton } from "../action-button.tsx";
import { Card } from "../cards.tsx";
import { ShownOnce } from "../shown-once.tsx";
import type { SignedIn } from "../signed-in.ts";

export const RECOVERY_CODES = {
  title: "Your recovery codes",
  hint: "Each signs you in once if you lose your other factors. They are shown this one time: keep them where you keep your passport.",
  file: "pincex-recovery-codes.txt",
} as const;

/** What is left of the recovery codes, and ten new ones. */
export const RecoveryCodes = ({ identity, person }: SignedIn): JSX.Element | null => {
  const [codes, setCodes] = useState<readonly string[]>();
  const { factors } = person;
  if (factors.length === 0 && codes === undefined) return null;
  return (
    <Card title="Recovery codes">
      {codes !== undefined ? (
        <ShownOnce {...RECOVERY_CODES} secrets={codes} onKept={() => setCodes(undefined)} />
      ) : (
        <>
          <p>
            {factors.includes("recovery_code")
              ? "Each signs you in once, if you lose your other factors."
              : "You have none left."}
          </p>
          <ActionButton
            label="Make new ones"
            sure="Yes, the old ones end"
            act={async () => {
              const answer = await identity.change<{ recoveryCodes: readonly string[] }>(
                "POST",
                "recovery-codes",
              );
              if (!answer.ok) return answer.problem;
              setCodes(answer.json.recoveryCodes);
              return undefined;
            }}
          />
        </>
      )}
    </Card>
  );
};
