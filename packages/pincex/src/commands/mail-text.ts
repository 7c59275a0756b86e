import type { Mail } from "../identity/mailbox.ts";

/** Where on the page a mail's token is asked for. */
const PLACE_OF: Readonly<Record<string, string | undefined>> = {
  email_verification: "register",
  password_reset: "reset",
  account_thaw: "thaw",
};

/** A mail as the terminal shows it: nobody sends it further. */
export const mailText = ({ to, kind, values }: Mail): string => {
  const { token, ...others } = values;
  const place = PLACE_OF[kind] ?? "contact";
  const link = token === undefined ? "" : `: /account.html#${place}=${token}`;
  const facts = Object.entries(others).map(([name, value]) => `, ${name} ${value}`);
  return `Mail to ${to}: ${kind.replaceAll("_", " ")}${facts.join("")}${link}\n`;
};
