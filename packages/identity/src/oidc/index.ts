export type { Principal } from "../principal.ts";
export { principalKey } from "../principal.ts";
export {
  type OidcRefusalCode,
  OidcSignOn,
  type OidcSignOnOptions,
  type SignOnAttempt,
  type SignOnOptions,
  type SignOnResult,
} from "./oidc-sign-on.ts";
