import type { SessionTokens } from "../sessions/session.ts";
import type { StartedSession } from "../sessions/start-session.ts";
import { DEVICE_COOKIE, SESSION_COOKIE, setCookie } from "./cookies.ts";

/** As long as browsers keep a cookie at most. It opens nothing: it only tells the owner's device from a stranger's. */
const DEVICE_SECONDS = 400 * 86_400;

/** The session's cookie goes with the browser's window; when it ends sooner, its token says. */
export const tokenCookies = ({ token }: SessionTokens): readonly string[] => [
  setCookie(SESSION_COOKIE, token),
];

export const sessionCookies = ({ tokens, deviceToken }: StartedSession): readonly string[] => [
  ...tokenCookies(tokens),
  ...(deviceToken === undefined ? [] : [setCookie(DEVICE_COOKIE, deviceToken, DEVICE_SECONDS)]),
];
