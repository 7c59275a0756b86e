import type { JSX } from "preact";
import { useChanges } from "../changes.ts";
import { ActionButton } from "./action-button.tsx";
import type { Identity } from "./identity.ts";

/** Who is signed in, and the way out, on every screen. */
export const WhoIsSignedIn = ({
  identity,
}: {
  readonly identity: Identity;
}): JSX.Element | null => {
  useChanges(identity);
  const { person } = identity;
  if (person === undefined) return null;
  return (
    <div class="who">
      <span class="name" data-state="live">
        {person.displayName ?? person.email}
      </span>
      <ActionButton
        label="Sign out"
        look="quiet"
        act={async () => {
          const answer = await identity.leave("sign-out");
          return answer.ok ? undefined : answer.problem;
        }}
      />
    </div>
  );
};
