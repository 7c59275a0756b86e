/** A change, and its number. */
export interface NumberedChange<Change> {
  readonly number: number;
  readonly change: Change;
}

interface Item<Key, Change> extends NumberedChange<Change> {
  readonly key: Key;
}

/** The changes of one key, oldest first. */
class ChangesOfKey<Key, Change> {
  /** What came up to this number is not here any more, or never was. */
  lost = 0;
  #items: Item<Key, Change>[] = [];
  #first = 0;

  get last(): Item<Key, Change> | undefined {
    return this.#first === this.#items.length ? undefined : this.#items.at(-1);
  }

  append(item: Item<Key, Change>): void {
    this.#items.push(item);
  }

  /** Lets the oldest go, if it is this one. */
  drop(item: Item<Key, Change>): void {
    if (this.#items[this.#first] !== item) return;
    this.lost = item.number;
    this.#first += 1;
    // Half of them gone: moving the rest costs one step for each that went.
    if (this.#first * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#first);
    this.#first = 0;
  }

  forget(upTo: number): void {
    this.#items = [];
    this.#first = 0;
    this.lost = upTo;
  }

  after(number: number): NumberedChange<Change>[] {
    let low = this.#first;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#items[middle] as Item<Key, Change>).number <= number) low = middle + 1;
      else high = middle;
    }
    return this.#items.slice(low);
  }
}

/**
 * The last changes of all keys together, each key's with ascending numbers. The bound is on all of them, so that many keys cost no more memory
 * than few.
 */
export class RecentChanges<Key, Change> {
  readonly #limit: number;
  readonly #all: Item<Key, Change>[] = [];
  /** Where the oldest stands, once there are as many as may be. */
  #oldest = 0;
  readonly #byKey = new Map<Key, ChangesOfKey<Key, Change>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(key: Key, number: number, change: Change): void {
    const item = { key, number, change };
    if (this.#all.length < this.#limit) this.#all.push(item);
    else {
      const oldest = this.#all[this.#oldest] as Item<Key, Change>;
      this.#byKey.get(oldest.key)?.drop(oldest);
      this.#all[this.#oldest] = item;
      this.#oldest = (this.#oldest + 1) % this.#limit;
    }
    this.#of(key).append(item);
  }

  /** The number of a key's last change; undefined if none is here. */
  last(key: Key): number | undefined {
    return this.#byKey.get(key)?.last?.number;
  }

  /** What a key's changes were up to a number is not known, whatever was added before. */
  forget(key: Key, upTo: number): void {
    this.#of(key).forget(upTo);
  }

  /** A key's changes after a number; undefined if some of them are not here any more. */
  after(key: Key, number: number): readonly NumberedChange<Change>[] | undefined {
    const changes = this.#byKey.get(key);
    if (changes === undefined) return [];
    return number < changes.lost ? undefined : changes.after(number);
  }

  #of(key: Key): ChangesOfKey<Key, Change> {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const added = new ChangesOfKey<Key, Change>();
    this.#byKey.set(key, added);
    return added;
  }
}
