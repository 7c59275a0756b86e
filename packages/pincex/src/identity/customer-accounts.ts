import { encodeVenueCommand, readEvents, type Venue } from "@pincex/venue";
import type { Views } from "@pincex/venue/views";

/** The account of the venue that somebody trades for. */
export interface CustomerAccount {
  readonly account: number;
  readonly name: string;
}

export interface CustomerAccountsParts {
  readonly venue: Pick<Venue, "submit">;
  readonly views: Views;
  /** Gives a new account what this exchange gives new accounts. */
  readonly welcome: (account: CustomerAccount) => Promise<void>;
}

/**
 * Which account is whose. The venue knows no people: an account has the id of its user for a name, and is opened when they first
 * trade.
 */
export class CustomerAccounts {
  readonly #parts: CustomerAccountsParts;
  /** Users whose accounts had names before there were users. */
  readonly #named = new Map<string, string>();
  readonly #opening = new Map<string, Promise<CustomerAccount>>();

  constructor(parts: CustomerAccountsParts) {
    this.#parts = parts;
  }

  /** From now on the account of this name is the user's. */
  assign(user: string, name: string): void {
    this.#named.set(user, name);
  }

  /** The user's account, opened if there is none. */
  of(user: string): Promise<CustomerAccount> {
    const name = this.#named.get(user) ?? user;
    const known = this.#parts.views.account(name);
    if (known !== undefined) return Promise.resolve({ account: known.account, name });
    const opening = this.#opening.get(name) ?? this.#open(name);
    this.#opening.set(name, opening);
    return opening.finally(() => this.#opening.delete(name));
  }

  async #open(name: string): Promise<CustomerAccount> {
    const { venue, views, welcome } = this.#parts;
    for (;;) {
      const account = 1 + Math.max(0, ...views.accounts().map((each) => each.account));
      const commandId = `identity/account/${name}/${account}`;
      const command = { kind: "open_account", account, name, commandId } as const;
      const { events } = await venue.submit(encodeVenueCommand(command));
      const refused = [...readEvents(events)].find(({ kind }) => kind === "refused");
      if (refused === undefined) {
        await welcome({ account, name });
        return { account, name };
      }
      // Somebody else was given the number, or another process opened this very account, a moment sooner.
      const opened = views.account(name);
      if (opened !== undefined) return { account: opened.account, name };
      if (views.account(account) === undefined) {
        throw new Error(`the venue opens no account for a user: ${JSON.stringify(refused)}`);
      }
    }
  }
}
