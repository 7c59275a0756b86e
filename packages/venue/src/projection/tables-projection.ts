import type { Projection } from "./projection.ts";

/** Tables that follow the venue, wherever they are. */
export interface ProjectedTables {
  /** Sequence number of the last command that is in them. */
  position(): Promise<number>;
  /** Writes what the commands after `from` up to `to` did and moves the position, as one transaction that fails unless it is at `from`. */
  write(events: Uint8Array, from: number, to: number): Promise<void>;
  /** Hears what is probably written next. */
  prepare?(events: Uint8Array, from: number, to: number): void;
}

/** A batch that is applied again, or one that overlaps what is there, adds only what is missing. */
export class TablesProjection implements Projection {
  readonly name: string;
  readonly #tables: ProjectedTables;
  /** Undefined: to be asked of the database, as at the beginning and after a failure with an unknown outcome. */
  #position: number | undefined;

  constructor(name: string, tables: ProjectedTables) {
    this.name = name;
    this.#tables = tables;
  }

  async position(): Promise<number> {
    this.#position = await this.#tables.position();
    return this.#position;
  }

  async apply(events: Uint8Array, first: number, last: number): Promise<void> {
    const position = this.#position ?? (await this.position());
    if (last <= position) return;
    if (first > position + 1) {
      throw new RangeError(`expected events from command ${position + 1} on, was ${first}`);
    }
    this.#position = undefined;
    await this.#tables.write(events, position, last);
    this.#position = last;
  }

  prepare(events: Uint8Array, first: number, last: number): void {
    this.#tables.prepare?.(events, first - 1, last);
  }
}
