export type { Principal } from "../principal.ts";
export { principalKey } from "../principal.ts";
export {
  type BetterAuthSession,
  type BetterAuthSessions,
  betterAuthPrincipal,
} from "./better-auth-principal.ts";
