import type { Refused } from "./refusal.ts";

/** Why something about an account is refused: the rule that each code protects. */
export const ACCOUNT_REFUSALS = {
  email_malformed:
    "An e-mail address is one address of at most 254 ASCII characters, without a display name.",
  phone_malformed: "A phone number is a plus sign and 7 to 15 digits (E.164).",
  name_malformed: "A name is 1 to 100 characters, none of them a control character.",
  password_too_short: "A password has at least the number of characters that the rules say.",
  password_too_long: "A password has at most the number of characters that the rules say.",
  password_easy_to_guess:
    "A password is hard to guess: not a common one, not the address or name, no simple pattern.",
  password_breached: "A password must not be known from a breach.",
  token_invalid: "A token is used once, before it expires, for what it was made for.",
  credentials_wrong: "The e-mail address and the password belong together.",
  attempts_throttled: "After wrong attempts the next one has to wait.",
  attempts_exhausted:
    "After a hundred wrong attempts in a row only a device that signed in before may go on, or a new password be set by e-mail.",
  server_busy: "Only so many passwords are checked at once.",
  account_frozen: "Nobody signs in to a frozen account until its owner thaws it.",
  challenge_invalid: "A sign-in is finished once, before it expires, with five attempts at most.",
  factor_wrong: "The second factor must be right, and was not used before.",
  factor_unknown: "The factor must belong to the one who asks.",
  factor_pending_invalid: "A factor is confirmed by its own enrolment, before that expires.",
  factors_too_many: "A user has at most 20 passkeys.",
  factor_needed: "The last factor is not taken away while one is demanded of everybody.",
  session_invalid: "A session must be alive: not ended, not idle too long, not too old.",
  session_unknown: "The session must be one of the user's own.",
  reauthentication_needed: "What protects an account is changed soon after having signed in.",
  refresh_invalid: "A refresh token is used once, before it expires, while its session lives.",
  confirmation_codes_off: "Codes by e-mail or SMS are off unless the host turns them on.",
  confirmation_channel_missing: "A code needs a channel that the user has confirmed.",
  confirmation_wrong:
    "A code is right for its request, used once, before it expires, with five attempts at most.",
  contact_unchanged: "The new address or number differs from the old.",
} as const satisfies Record<string, string>;

/** A sentence that names the rule. `ACCOUNT_REFUSALS` has it in full. */
export type AccountRefusalCode = keyof typeof ACCOUNT_REFUSALS;

export const refuse = <Code extends AccountRefusalCode>(
  code: Code,
  more: { readonly field?: string; readonly retryAt?: number } = {},
): Refused<Code> => ({ ok: false, code, rule: ACCOUNT_REFUSALS[code], ...more });
