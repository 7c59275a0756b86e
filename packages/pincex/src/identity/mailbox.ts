import type { Notice, Notifier } from "@pincex/identity";

/** A mail as it would be sent. */
export interface Mail {
  readonly to: string;
  readonly kind: string;
  readonly values: Readonly<Record<string, string>>;
  /** In milliseconds since 1970. */
  readonly at: number;
}

const MOST_KEPT = 100;

/**
 * Stands for a provider of e-mail on an exchange that runs for its own machine: what would be sent is kept in memory, for who sits
 * there to read.
 */
export class Mailbox implements Notifier {
  readonly #clock: () => number;
  readonly #onMail: (mail: Mail) => void;
  #mails: readonly Mail[] = [];

  constructor(clock: () => number, onMail: (mail: Mail) => void = () => {}) {
    this.#clock = clock;
    this.#onMail = onMail;
  }

  /** The newest first. */
  get mails(): readonly Mail[] {
    return this.#mails;
  }

  async notify({ to, kind, values }: Notice): Promise<void> {
    const mail = { to, kind, values, at: this.#clock() };
    this.#mails = [mail, ...this.#mails].slice(0, MOST_KEPT);
    this.#onMail(mail);
  }
}
