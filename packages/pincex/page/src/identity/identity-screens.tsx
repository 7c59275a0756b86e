import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { momentWords } from "../account/order-words.ts";
import { useChanges } from "../changes.ts";
import { ApiKeys } from "./api-keys/api-keys.tsx";
import { ContactConfirmation } from "./contact-confirmation.tsx";
import type { Identity } from "./identity.ts";
import { PasswordReset } from "./password-reset.tsx";
import type { Person } from "./person.ts";
import { ReauthenticationDialog } from "./reauthentication-dialog.tsx";
import { Registration } from "./registration.tsx";
import { RequestByMail } from "./request-by-mail.tsx";
import type { Route, Screen } from "./route.ts";
import { Security } from "./security/security.tsx";
import { Sessions } from "./sessions.tsx";
import { SignIn } from "./sign-in.tsx";
import { SignUp } from "./sign-up.tsx";
import type { SignedIn } from "./signed-in.ts";
import { Thaw } from "./thaw.tsx";
import { cameFromTrading, tradingAddress } from "./way-back.ts";

interface ScreensProps {
  readonly identity: Identity;
  readonly route: Route;
}

/** The screen that the address asks for, as far as whoever is there may see it. */
export const IdentityScreens = ({ identity, route }: ScreensProps): JSX.Element | null => {
  useChanges(identity, route);
  const { person } = identity;
  if (!identity.isKnown) return null;
  if (route.token !== "") return <ByMail identity={identity} route={route} />;
  if (person === undefined) return <SignedOut identity={identity} screen={route.screen} />;
  if (route.screen === "sign-in" || route.screen === "sign-up") return <Arrived route={route} />;
  return (
    <>
      <div class="account">
        <nav aria-label="Your account">
          {SCREENS.map(([screen, name]) => (
            <a
              key={screen}
              href={`#${screen}`}
              aria-current={screen === route.screen ? "page" : undefined}
            >
              {name}
            </a>
          ))}
        </nav>
        <div class="cards">
          <h1 class="unseen">{SCREENS.find(([screen]) => screen === route.screen)?.[1]}</h1>
          <Notices person={person} />
          <Chosen identity={identity} person={person} screen={route.screen} />
        </div>
      </div>
      <ReauthenticationDialog
        reauthentication={identity.reauthentication}
        username={person.email}
      />
    </>
  );
};

const SCREENS = [
  ["security", "Security"],
  ["sessions", "Sessions"],
  ["api-keys", "API keys"],
] as const;

/** What a mail's link leads to. */
const ByMail = ({ identity, route: { screen, token } }: ScreensProps): JSX.Element => {
  const fromMail = { identity, token };
  if (screen === "register") return <Registration {...fromMail} />;
  if (screen === "reset") return <PasswordReset {...fromMail} />;
  if (screen === "thaw") return <Thaw {...fromMail} />;
  return <ContactConfirmation {...fromMail} />;
};

const SignedOut = ({
  identity,
  screen,
}: {
  readonly identity: Identity;
  readonly screen: Screen;
}): JSX.Element => {
  if (screen === "sign-up") return <SignUp identity={identity} />;
  if (screen === "forgotten") {
    return <RequestByMail identity={identity} title="Forgotten password" path="password-reset" />;
  }
  if (screen === "thaw") {
    return <RequestByMail identity={identity} title="Frozen account" path="thaw" />;
  }
  return <SignIn identity={identity} />;
};

/** Somebody has just signed in: back to where they came from, or to their account. */
const Arrived = ({ route }: { readonly route: Route }): null => {
  useEffect(() => {
    if (cameFromTrading()) location.assign(tradingAddress());
    else route.go("security");
  }, [route]);
  return null;
};

const Chosen = ({ screen, ...signedIn }: SignedIn & { readonly screen: Screen }): JSX.Element => {
  if (screen === "sessions") return <Sessions {...signedIn} />;
  if (screen === "api-keys") return <ApiKeys {...signedIn} />;
  return <Security {...signedIn} />;
};

/** What somebody should know of their account before all else. */
const Notices = ({ person }: { readonly person: Person }): JSX.Element => (
  <>
    {person.securityHoldUntil !== null && (
      <p class="notice" role="status">
        Its protection was changed: nothing can be withdrawn before{" "}
        {momentWords(person.securityHoldUntil)}.
      </p>
    )}
  </>
);
