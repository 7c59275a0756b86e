import type { JSX } from "preact";
import type { SignedIn } from "../signed-in.ts";
import { AntiPhishing } from "./anti-phishing.tsx";
import { Authenticator } from "./authenticator.tsx";
import { Freeze } from "./freeze.tsx";
import { Passkeys } from "./passkeys.tsx";
import { Password } from "./password.tsx";
import { Profile } from "./profile.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";

/** How the account is protected, and how that is changed. */
export const Security = (signedIn: SignedIn): JSX.Element => (
  <>
    <Authenticator {...signedIn} />
    <Passkeys {...signedIn} />
    <RecoveryCodes {...signedIn} />
    <Password {...signedIn} />
    <AntiPhishing {...signedIn} />
    <Profile {...signedIn} />
    <Freeze {...signedIn} />
  </>
);
