import {
  type AccountKind,
  type AccountOpening,
  type AccountStatus,
  CHART_OF_ACCOUNTS,
} from "../account.ts";
import type { AccountOpened, Done, Posted, PostedLinked } from "../books.ts";
import type { EntryRequest } from "../entry.ts";
import type { Hold, HoldRequest } from "../hold.ts";
import type { Refusal } from "../refusal.ts";
import { textRefusal } from "../text-rule.ts";

/** One call of the books, as it waits for its batch. */
export type StoreCommand =
  | { readonly act: "open"; readonly opening: AccountOpening }
  | { readonly act: "status"; readonly account: number; readonly status: AccountStatus }
  | { readonly act: "post"; readonly request: EntryRequest }
  | { readonly act: "linked"; readonly requests: readonly EntryRequest[] }
  | { readonly act: "hold"; readonly request: HoldRequest }
  | { readonly act: "reduce"; readonly id: number; readonly to: bigint }
  | { readonly act: "release"; readonly id: number; readonly amount: bigint | undefined }
  | { readonly act: "expire"; readonly at: number; readonly most: number };

/** Holds that have expired. */
export interface Expired {
  readonly ok: true;
  readonly holds: readonly Hold[];
}

export type StoreOutcome = AccountOpened | Done | Posted | PostedLinked | Expired | Refusal;

/** The rows that some commands are judged by. Only what can be a row is in it: of anything else there is none. */
export class Touched {
  readonly accounts: Set<number> = new Set();
  readonly holds: Set<number> = new Set();
  /** Those of `holds` whose account has to be found out. */
  readonly spentHolds: Set<number> = new Set();
  readonly keys: Set<string> = new Set();
  readonly openings: AccountOpening[] = [];
  readonly expiries: { readonly at: number; readonly most: number }[] = [];
  /** Whether an account, an entry or a status may get a number. */
  needsNumbers = false;

  constructor(commands: readonly StoreCommand[]) {
    for (const command of commands) this.#add(command);
  }

  #add(command: StoreCommand): void {
    switch (command.act) {
      case "open":
        this.needsNumbers = true;
        if (isName(command.opening)) this.openings.push(command.opening);
        return;
      case "status":
        this.needsNumbers = true;
        this.#addAccount(command.account);
        return;
      case "post":
        this.#addEntry(command.request);
        return;
      case "linked":
        for (const request of command.requests) this.#addEntry(request);
        return;
      case "hold":
        this.#addAccount(command.request.account);
        this.#addHold(command.request.id);
        return;
      case "reduce":
      case "release":
        this.#addHold(command.id, this.spentHolds);
        return;
      case "expire":
        this.expiries.push(command);
        return;
    }
  }

  #addEntry({ key = "", postings, captures = [] }: EntryRequest): void {
    this.needsNumbers = true;
    for (const { account } of postings) this.#addAccount(account);
    for (const { hold } of captures) this.#addHold(hold, this.spentHolds);
    if (key !== "" && isText(key, KEY_LIMIT)) this.keys.add(key);
  }

  #addAccount(account: number): void {
    if (isRowNumber(account)) this.accounts.add(account);
  }

  #addHold(id: number, also?: Set<number>): void {
    if (!isRowNumber(id)) return;
    this.holds.add(id);
    also?.add(id);
  }
}

const KEY_LIMIT = 128;
const OWNER_LIMIT = 255;
const NAME_LIMIT = 64;
const LAST_ASSET = 2 ** 31 - 1;

/** Whether it can be the number of a row at all. */
export const isRowNumber = (number: number): boolean => Number.isSafeInteger(number) && number > 0;

/** Whether SQL can be asked for the text. */
export const isText = (text: string, limit: number): boolean =>
  typeof text === "string" && textRefusal(text, limit, "text") === undefined;

/** Whether SQL can be asked for an account of that name. */
export const isName = (opening: {
  readonly owner: string;
  readonly sub?: string;
  readonly asset: number;
  readonly kind: AccountKind;
  readonly place?: string;
}): boolean =>
  isText(opening.owner, OWNER_LIMIT) &&
  isText(opening.sub ?? "", NAME_LIMIT) &&
  isText(opening.place ?? "", NAME_LIMIT) &&
  Object.hasOwn(CHART_OF_ACCOUNTS, opening.kind) &&
  isRowNumber(opening.asset) &&
  opening.asset <= LAST_ASSET;

/** The caller's own object may change while it waits for its batch. */
export const copyOfRequest = (request: EntryRequest): EntryRequest => ({
  ...request,
  postings: request.postings.map(({ account, amount }) => ({ account, amount })),
  captures: (request.captures ?? []).map(({ hold, amount }) => ({ hold, amount })),
});
