import type { Acknowledgement, Sender } from "../sequencer/batch.ts";
import type { Sequencer } from "../sequencer/sequencer.ts";
import { startSequencer } from "../sequencer/start-sequencer.ts";
import type { StateMachineKind } from "../sequencer/state-machine.ts";
import type { VenueNotice, VenueOptions } from "../sequencer/venue.ts";
import { Conversation } from "./conversation.ts";
import { HashSlot } from "./hash-slot.ts";
import { LaneReader, LaneWriter } from "./lane.ts";
import { relayedProjection, type ToldProjection } from "./relayed-projection.ts";
import { RelayedViews } from "./relayed-views.ts";
import { errorOf, toldError } from "./told-error.ts";
import {
  ACKNOWLEDGED_DOUBLES,
  type Question,
  type SharedMemory,
  ToHost,
  ToVenue,
  type Wire,
  type WireMessage,
} from "./wire.ts";

/** Of a venue's options, those that belong to its thread. The others are the host's. */
export type VenueThreadOptions = Omit<
  VenueOptions,
  "views" | "projections" | "onNotice" | "onProgress"
>;

/** What the host says of itself. */
export interface ToldHost {
  readonly memory: SharedMemory;
  /** Names of its views. */
  readonly views: readonly string[];
  readonly projections: readonly ToldProjection[];
}

/** The venue's end of a wire: a sequencer that is sent its commands through a ring, and answers through another. */
export class VenueThread {
  readonly #wire: Wire;
  readonly #conversation: Conversation;
  readonly #events: LaneWriter;
  readonly #commands: LaneReader;
  readonly #hash: HashSlot;
  readonly #host: ToldHost;
  #sequencer: Sequencer | undefined;
  #nextTicket = 0;
  /** Acknowledgements of one frame, which go together. */
  #acknowledged: number[] = [];

  constructor(wire: Wire, host: ToldHost) {
    this.#wire = wire;
    this.#host = host;
    this.#conversation = new Conversation(wire, (question) => this.#reply(question));
    const { commands, events, hash } = host.memory;
    this.#events = new LaneWriter(events, () => wire.send({ kind: "wake" }));
    this.#commands = new LaneReader(
      commands,
      (kind, _, payload) => this.#take(kind, payload),
      () => wire.send({ kind: "feed" }),
    );
    this.#hash = new HashSlot(hash);
  }

  /** Starts the venue and says so, or what kept it from starting. */
  async open(options: () => Promise<VenueThreadOptions>, kind: StateMachineKind): Promise<void> {
    try {
      const { projections, views } = this.#host;
      const followers = new RelayedViews(views, this.#events, this.#conversation);
      const sequencer = await startSequencer(
        {
          ...(await options()),
          projections: projections.map((told, index) =>
            relayedProjection(told, index, this.#conversation, this.#wire),
          ),
          onNotice: (notice) => this.#tellNotice(notice),
          onProgress: (progress) => this.#wire.send({ kind: "progress", progress }),
        },
        kind,
        followers,
      );
      await this.#events.emptied();
      this.#sequencer = sequencer;
      void sequencer.stopped.then((error) => this.#tellStopped(error));
      this.#wire.send({ kind: "opened", sequence: sequencer.sequence });
    } catch (error) {
      this.#wire.send({ kind: "not_opened", error: toldError(error) });
    }
  }

  receive(message: WireMessage): void {
    if (this.#conversation.take(message)) return;
    if (message.kind === "wake") this.read();
    else if (message.kind === "feed") this.#events.fed();
    else if (message.kind === "fail") this.#sequencer?.fail(errorOf(message.error));
  }

  /** Reads what the host has sent. */
  read(): void {
    this.#commands.read();
  }

  async #reply({ kind }: Question): Promise<unknown> {
    if (kind === "flushed") return await this.#sequencer?.flushed();
    if (kind !== "stop") throw new RangeError(`expected a question of the host, was ${kind}`);
    // What was sent before is done before.
    this.read();
    const sequencer = this.#sequencer;
    try {
      await sequencer?.stop();
    } finally {
      await this.#events.emptied();
    }
    return sequencer?.stateHash();
  }

  #take(kind: number, payload: Uint8Array): void {
    if (kind === ToVenue.hashWanted) {
      this.#hash.tell(() => this.#sequencer?.stateHash() ?? "");
      return;
    }
    const ticket = this.#nextTicket;
    this.#nextTicket += 1;
    this.#sequencer?.enter(payload, this.#senderOf(ticket));
  }

  #senderOf(ticket: number): Sender {
    return {
      acknowledged: (answer) => this.#acknowledge(ticket, answer),
      refused: (error) => {
        const text = new TextEncoder().encode(JSON.stringify(toldError(error)));
        this.#events.send(ToHost.refused, ticket, text);
      },
    };
  }

  #acknowledge(ticket: number, { sequence, time, from, to }: Acknowledgement): void {
    if (this.#acknowledged.length === 0) queueMicrotask(() => this.#tellAcknowledged());
    this.#acknowledged.push(ticket, sequence, time, from, to);
  }

  #tellAcknowledged(): void {
    const doubles = Float64Array.from(this.#acknowledged);
    this.#acknowledged = [];
    const count = doubles.length / ACKNOWLEDGED_DOUBLES;
    this.#events.send(ToHost.acknowledged, count, new Uint8Array(doubles.buffer));
  }

  #tellNotice(notice: VenueNotice): void {
    const error = "error" in notice ? toldError(notice.error) : undefined;
    const told = "error" in notice ? { ...notice, error: undefined } : notice;
    this.#wire.send({ kind: "notice", told: { notice: told, error } });
  }

  async #tellStopped(error: Error | undefined): Promise<void> {
    await this.#events.emptied();
    this.#wire.send({ kind: "stopped", error: error && toldError(error) });
  }
}
