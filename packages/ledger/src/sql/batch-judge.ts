import { type AccountOpening, CHART_OF_ACCOUNTS } from "../account.ts";
import { type AccountOpened, Books, type Done, type Posted, type PostedLinked } from "../books.ts";
import type { Capture, Entry, EntryRequest } from "../entry.ts";
import type { Hold, HoldRequest } from "../hold.ts";
import { invariant } from "../invariant.ts";
import type { Refusal } from "../refusal.ts";
import { AccountNumbers } from "./account-numbers.ts";
import { holdChecksum } from "./hold-checksum.ts";
import type { Expired, StoreCommand, StoreOutcome } from "./store-command.ts";
import {
  type ChangedHold,
  type ChangedRows,
  type LoadedRows,
  openHold,
  type SqlHold,
  type StoredHold,
} from "./store-rows.ts";

/**
 * Lets the books judge commands by the rows that they touch, and tells what became of the rows.
 *
 * The books number accounts without a gap, so each of the rows stands for an account of theirs.
 */
export class BatchJudge {
  readonly #loaded: LoadedRows;
  readonly #numbers: AccountNumbers;
  readonly #books: Books;
  #sequence: number;
  readonly #opened: ChangedRows["opened"][number][] = [];
  readonly #statuses: ChangedRows["statuses"][number][] = [];
  readonly #entries: ChangedRows["entries"][number][] = [];
  readonly #sequences: Map<number, number> = new Map();
  readonly #stored: ReadonlyMap<number, StoredHold>;
  /** Those that are open, or were before this batch. */
  readonly #holds: Map<number, SqlHold> = new Map();
  readonly #touchedHolds: Set<number> = new Set();

  constructor(loaded: LoadedRows) {
    const { numbers, accounts, holds, remembered } = loaded;
    this.#loaded = loaded;
    this.#numbers = new AccountNumbers(accounts.map(({ account }) => account));
    this.#sequence = numbers.sequence;
    this.#stored = new Map(holds.map((stored) => [stored.hold.id, stored]));
    for (const { hold } of holds) if (hold.state === "open") this.#holds.set(hold.id, hold);
    const part = {
      nextEntry: numbers.entry + 1,
      accounts,
      holds: [...this.#holds.values()].map((hold) => this.#knownHold(openHold(hold))),
      remembered: remembered.map(({ entry, captures }) => ({
        entry: this.#entryWith(entry, (account) => this.#numbers.inPart(account)),
        captures,
      })),
    };
    this.#books = Books.ofPart(part, numbers);
  }

  /** What the books say to a command. Throws what they throw, and has done nothing then. */
  judge(command: StoreCommand): StoreOutcome {
    switch (command.act) {
      case "open":
        return this.#open(command.opening);
      case "status":
        return this.#setStatus(command);
      case "post":
        return this.#post(command.request);
      case "linked":
        return this.#postLinked(command.requests);
      case "hold":
        return this.#hold(command.request);
      case "reduce":
        return this.#free(command.id, this.#books.reduceHold(command.id, command.to));
      case "release":
        return this.#free(command.id, this.#books.release(command.id, command.amount));
      case "expire":
        return this.#expire(command.at);
    }
  }

  /** All that has changed. */
  changes(): ChangedRows {
    const { numbers, accounts } = this.#loaded;
    const withStatus = new Set(this.#statuses.map(({ account }) => account));
    return {
      numbers: {
        account: numbers.account + this.#opened.length,
        entry: this.#books.nextEntry - 1,
        sequence: this.#sequence,
      },
      opened: this.#opened,
      statuses: this.#statuses,
      entries: this.#entries,
      balances: accounts.flatMap((before, index) => {
        const { account } = before;
        const balance = this.#books.balance(index + 1);
        const held = this.#books.held(index + 1);
        const sequence = this.#sequences.get(account);
        const isSame = sequence === undefined && held === before.held && !withStatus.has(account);
        return isSame ? [] : [{ account, balance, held, sequence: sequence ?? before.sequence }];
      }),
      holds: Array.from(this.#touchedHolds, (id) => this.#changedHold(id)),
    };
  }

  #changedHold(id: number): ChangedHold {
    const hold = this.#holds.get(id) as SqlHold;
    return { hold, checksum: holdChecksum(hold), before: this.#stored.get(id) };
  }

  #open(opening: AccountOpening): AccountOpened | Refusal {
    const opened = this.#books.openAccount(opening);
    if (!opened.ok) return this.#refusal(opened);
    const number = this.#loaded.numbers.account + this.#opened.length + 1;
    const { owner, sub = "", asset, kind, place = "" } = opening;
    const { bound = CHART_OF_ACCOUNTS[kind].bound } = opening;
    this.#opened.push({ number, owner, sub, asset, kind, place, bound });
    this.#numbers.add(number);
    return { ok: true, account: number };
  }

  #setStatus({ account, status }: Extract<StoreCommand, { act: "status" }>): StoreOutcome {
    const set = this.#books.setStatus(this.#numbers.inPart(account), status);
    if (!set.ok) return this.#refusal(set);
    this.#statuses.push({ account, status });
    return set;
  }

  #post(request: EntryRequest): Posted | Refusal {
    const posted = this.#books.post(this.#requestInPart(request));
    if (!posted.ok) return this.#refusal(posted);
    if (!posted.repeated) this.#sequence += 1;
    return this.#posted(posted, request.captures);
  }

  #postLinked(requests: readonly EntryRequest[]): PostedLinked | Refusal {
    const linked = this.#books.postLinked(requests.map((one) => this.#requestInPart(one)));
    if (!linked.ok) return this.#refusal(linked);
    if (linked.posted.some(({ repeated }) => !repeated)) this.#sequence += 1;
    return {
      ok: true,
      posted: linked.posted.map((one, index) => this.#posted(one, requests[index]?.captures)),
    };
  }

  #posted(posted: Posted, captures: readonly Capture[] = []): Posted {
    const entry = this.#entryWith(posted.entry, (account) => this.#numbers.inLedger(account));
    if (posted.repeated) return { ...posted, entry };
    this.#entries.push({ sequence: this.#sequence, entry, captures });
    for (const { account } of entry.postings) this.#sequences.set(account, this.#sequence);
    for (const { hold, amount } of captures) this.#capture(hold, amount);
    return { ...posted, entry };
  }

  #hold(request: HoldRequest): StoreOutcome {
    const held = this.#books.hold(this.#holdInPart(request));
    if (!held.ok) return this.#refusal(held);
    const { id, account, kind, amount: opened, expiresAt = 0 } = request;
    this.#touchedHolds.add(id);
    const none = { captured: 0n, released: 0n, state: "open" } as const;
    this.#holds.set(id, { id, account, kind, opened, expiresAt, ...none });
    return held;
  }

  #capture(id: number, amount: bigint): void {
    const hold = this.#holds.get(id);
    invariant(hold !== undefined, "what is captured from was open");
    const captured = hold.captured + amount;
    const isSpent = captured + hold.released === hold.opened;
    this.#holds.set(id, { ...hold, captured, state: isSpent ? "ended" : "open" });
    this.#touchedHolds.add(id);
  }

  #free(id: number, freed: Done | Refusal): StoreOutcome {
    if (!freed.ok) return this.#refusal(freed);
    this.#leave(id, this.#books.holdAmount(id), "ended");
    return freed;
  }

  #expire(at: number): Expired {
    const holds = this.#books.expireHolds(at).map((hold) => this.#holdInLedger(hold));
    for (const { id } of holds) this.#leave(id, 0n, "expired");
    return { ok: true, holds };
  }

  /** So much is left of a hold, and the rest is released. */
  #leave(id: number, left: bigint, last: "ended" | "expired"): void {
    const hold = this.#holds.get(id);
    invariant(hold !== undefined, "what is released was open");
    const released = hold.opened - hold.captured - left;
    this.#holds.set(id, { ...hold, released, state: left === 0n ? last : "open" });
    this.#touchedHolds.add(id);
  }

  #requestInPart(request: EntryRequest): EntryRequest {
    return this.#entryWith(request, (account) => this.#numbers.inPart(account));
  }

  #entryWith<Request extends EntryRequest | Entry>(
    request: Request,
    numbered: (account: number) => number,
  ): Request {
    const postings = request.postings.map((posting) => ({
      ...posting,
      account: numbered(posting.account),
    }));
    return { ...request, postings };
  }

  /** A hold on an account that isn't in the part is there for its id only, which is taken. It must not expire here. */
  #knownHold(hold: Hold): Hold {
    const expiresAt = this.#numbers.has(hold.account) ? hold.expiresAt : 0;
    return this.#holdInPart({ ...hold, expiresAt });
  }

  #holdInPart<Request extends HoldRequest>(hold: Request): Request {
    return { ...hold, account: this.#numbers.inPart(hold.account) };
  }

  #holdInLedger(hold: Hold): Hold {
    return { ...hold, account: this.#numbers.inLedger(hold.account) };
  }

  #refusal(refusal: Refusal): Refusal {
    if (refusal.account === undefined) return refusal;
    return { ...refusal, account: this.#numbers.inLedger(refusal.account) };
  }
}
