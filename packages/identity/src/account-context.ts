import type { AccountSettings } from "./account-settings.ts";
import type { IdentityContext } from "./identity-context.ts";
import type { PasswordHasher } from "./passwords/password-hasher.ts";

/** What the use cases of accounts take besides the common ports. */
export interface AccountContext extends IdentityContext {
  readonly passwords: PasswordHasher;
  readonly settings: AccountSettings;
}
