import type { RecordViews } from "@pincex/engine";
import { assertOwnNames, type Followers } from "../sequencer/followers.ts";
import type { Conversation } from "./conversation.ts";
import type { LaneWriter } from "./lane.ts";
import { ToHost } from "./wire.ts";

/** The host's views, as the venue's thread sees them. */
export class RelayedViews implements Followers {
  readonly names: readonly string[];
  readonly #lane: LaneWriter;
  readonly #conversation: Conversation;

  constructor(names: readonly string[], lane: LaneWriter, conversation: Conversation) {
    assertOwnNames(names);
    this.names = names;
    this.#lane = lane;
    this.#conversation = conversation;
  }

  apply(events: RecordViews, length: number, lastSequence: number): void {
    this.#lane.send(ToHost.events, lastSequence, events.bytes.subarray(0, length));
  }

  room(): Promise<void> {
    return this.#lane.emptied();
  }

  /** Asked for in the ring, behind the events that they are to have followed. */
  async snapshot(): Promise<ReadonlyMap<string, Uint8Array>> {
    if (this.names.length === 0) return new Map();
    const { id, answer } = this.#conversation.expect();
    this.#lane.send(ToHost.viewsWanted, id, new Uint8Array());
    return (await answer) as ReadonlyMap<string, Uint8Array>;
  }

  async restore(sections: ReadonlyMap<string, Uint8Array>): Promise<void> {
    if (this.names.length === 0) return;
    const theirs = this.names.map(
      (name) => [name, sections.get(name) ?? new Uint8Array()] as const,
    );
    await this.#conversation.ask({ kind: "restore", sections: new Map(theirs) });
  }
}
