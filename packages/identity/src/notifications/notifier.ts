/** A message to somebody about their account. */
export interface Notice {
  /** The same notice is delivered at least once: a provider that knows the id sends it once. */
  readonly id: string;
  readonly channel: "email" | "sms";
  readonly to: string;
  /** What it is about, as `email_verification`, `new_device`, `address_added`: the host chooses the text and the language. */
  readonly kind: string;
  /** What the text needs: a token, a code, the name of a device. */
  readonly values: Readonly<Record<string, string>>;
  /** The phrase that the user chose so that our messages can be told from a forger's. */
  readonly antiPhishingPhrase?: string | undefined;
}

/** The port to e-mail and SMS. A notice that throws is tried again later. */
export interface Notifier {
  notify(notice: Notice): Promise<void>;
}
