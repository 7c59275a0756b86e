import type { Views } from "@pincex/venue/views";
import type { Unsubscribe } from "./public-feeds.ts";
import type { SequencedChange } from "./replay-window.ts";

/** Hears what happened to one account, as a list in order, once for each batch of the venue. */
export type AccountChangesListener = (changes: readonly SequencedChange[]) => void;

/** What happens to accounts, for those who listen to one of them. */
export class AccountFeeds {
  readonly #views: Views;
  readonly #listeners = new Map<number, Set<AccountChangesListener>>();
  readonly #pending = new Map<number, SequencedChange[]>();
  #detach: (() => void) | undefined;

  constructor(views: Views) {
    this.#views = views;
  }

  onChanges(account: number, listener: AccountChangesListener): Unsubscribe {
    this.#detach ??= this.#views.onAccount((changed, change, sequence) =>
      this.#collect(changed, { sequence, change }),
    );
    const listeners = this.#listeners.get(account) ?? new Set();
    this.#listeners.set(account, listeners);
    listeners.add(listener);
    return () => {
      // Called again, it must not end those who came after.
      if (!listeners.delete(listener)) return;
      if (listeners.size === 0) this.#listeners.delete(account);
      if (this.#listeners.size === 0) this.close();
    };
  }

  close(): void {
    this.#detach?.();
    this.#detach = undefined;
  }

  /** Tells now what would be told at the end of this turn. */
  flush(): void {
    this.#tell();
  }

  #collect(account: number, change: SequencedChange): void {
    if (!this.#listeners.has(account)) return;
    if (this.#pending.size === 0) queueMicrotask(() => this.#tell());
    const changes = this.#pending.get(account) ?? [];
    this.#pending.set(account, changes);
    changes.push(change);
  }

  #tell(): void {
    const told = [...this.#pending];
    this.#pending.clear();
    for (const [account, changes] of told) {
      for (const listener of [...(this.#listeners.get(account) ?? [])]) listener(changes);
    }
  }
}
