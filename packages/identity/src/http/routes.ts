import { ACCOUNT_ROUTES } from "./account-routes.ts";
import { API_KEY_ROUTES } from "./api-key-routes.ts";
import { CONTACT_ROUTES } from "./contact-routes.ts";
import { FACTOR_ROUTES } from "./factor-routes.ts";
import { REGISTRATION_ROUTES } from "./registration-routes.ts";
import type { Route } from "./route.ts";
import { SESSION_ROUTES } from "./session-routes.ts";
import { SIGN_IN_ROUTES } from "./sign-in-routes.ts";

/** All that there is, as a table of contents. */
export const ROUTES: readonly Route[] = [
  ...REGISTRATION_ROUTES,
  ...SIGN_IN_ROUTES,
  ...ACCOUNT_ROUTES,
  ...CONTACT_ROUTES,
  ...SESSION_ROUTES,
  ...FACTOR_ROUTES,
  ...API_KEY_ROUTES,
];
