import type { AccountStatus } from "@pincex/ledger";
import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";
import { accountStatusNumber, accountStatusOf } from "./account-status.ts";

/** An account of the venue. */
export interface Account {
  readonly account: number;
  readonly name: string;
  readonly status: AccountStatus;
  /** Which fees it pays: those of tier 0 unless told. */
  readonly tier: number;
}

/** All accounts, by number and by name, in the order of opening. */
export class AccountRegistry {
  readonly #byNumber: Map<number, Account> = new Map();
  readonly #byName: Map<string, Account> = new Map();

  open({ account, name }: Pick<Account, "account" | "name">): void {
    this.#keep({ account, name, status: "open", tier: 0 });
  }

  setStatus(account: number, status: AccountStatus): void {
    this.#change(account, { status });
  }

  setTier(account: number, tier: number): void {
    this.#change(account, { tier });
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
    writer.list(this.all(), ({ account, name, status, tier }) =>
      writer.row(account, name, accountStatusNumber(status), tier),
    );
  }

  static read(reader: FieldReader): AccountRegistry {
    const registry = new AccountRegistry();
    reader.list(() => {
      const account = reader.number();
      const name = reader.text();
      const status = accountStatusOf(reader.number());
      registry.#keep({ account, name, status, tier: reader.number() });
    });
    return registry;
  }

  #change(account: number, change: Partial<Account>): void {
    const known = this.#byNumber.get(account);
    if (known !== undefined) this.#keep({ ...known, ...change });
  }

  #keep(account: Account): void {
    this.#byNumber.set(account.account, account);
    this.#byName.set(account.name, account);
  }
}
