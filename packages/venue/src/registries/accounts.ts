import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";

/** An account of the venue. */
export interface Account {
  readonly account: number;
  readonly name: string;
}

/** All accounts, by number and by name, in the order of opening. */
export class AccountRegistry {
  readonly #byNumber: Map<number, Account> = new Map();
  readonly #byName: Map<string, Account> = new Map();

  open({ account, name }: Account): void {
    const opened = { account, name };
    this.#byNumber.set(account, opened);
    this.#byName.set(name, opened);
  }

  has(account: number): boolean {
    return this.#byNumber.has(account);
  }

  get(account: number): Account | undefined {
    return this.#byNumber.get(account);
  }

  byName(name: string): Account | undefined {
    return this.#byName.get(name);
  }

  all(): Iterable<Account> {
    return this.#byNumber.values();
  }

  write(writer: FieldWriter): void {
    writer.list(this.all(), ({ account, name }) => writer.row(account, name));
  }

  static read(reader: FieldReader): AccountRegistry {
    const registry = new AccountRegistry();
    reader.list(() => {
      const account = reader.number();
      registry.open({ account, name: reader.text() });
    });
    return registry;
  }
}
