import type { TextFieldProps } from "./text-field.tsx";

export const EMAIL = {
  name: "email",
  label: "E-mail address",
  type: "email",
  autocomplete: "username",
} as const satisfies TextFieldProps;

export const CURRENT_PASSWORD = {
  name: "password",
  label: "Password",
  type: "password",
  autocomplete: "current-password",
} as const satisfies TextFieldProps;

export const NEW_PASSWORD = {
  name: "password",
  label: "New password",
  type: "password",
  autocomplete: "new-password",
  hint: "A long sentence is stronger than a short riddle. Spaces and all letters are fine.",
} as const satisfies TextFieldProps;

/** Of an authenticator app or, if that is lost, of those that were kept for this. */
export const CODE = {
  name: "code",
  label: "Code of your app, or a recovery code",
  autocomplete: "one-time-code",
} as const satisfies TextFieldProps;
