import { recordViews } from "@pincex/engine";
import type { Projection } from "../projection/projection.ts";
import { Acknowledgement, type Sender } from "../sequencer/batch.ts";
import { LocalViews } from "../sequencer/followers.ts";
import type { Submission, Venue, VenueOptions } from "../sequencer/venue.ts";
import { OutcomeUnknown, VenueOverloaded, VenueStopped } from "../sequencer/venue-errors.ts";
import { ByteRing } from "./byte-ring.ts";
import { Conversation } from "./conversation.ts";
import { HashSlot, type Standstill } from "./hash-slot.ts";
import { LaneReader, LaneWriter } from "./lane.ts";
import { errorOf, type ToldError, toldError } from "./told-error.ts";
import type { ToldHost } from "./venue-thread.ts";
import {
  ACKNOWLEDGED_DOUBLES,
  type Question,
  type SharedMemory,
  ToHost,
  type ToldNotice,
  ToVenue,
  type Wire,
  type WireMessage,
} from "./wire.ts";

/** Of a venue's options, those that stay with its host. */
export interface VenueHostOptions
  extends Pick<VenueOptions, "views" | "projections" | "onNotice" | "onProgress"> {
  /** Bytes of each of the two rings, a power of two; 4 MiB unless told. A full one is a `VenueOverloaded`. */
  readonly ringBytes?: number;
}

/** What a host needs of the thread beside the wire. */
export interface ThreadHandle extends Wire {
  readonly standstill: Standstill;
  /** Ends the thread, which is done with its work. */
  end(): Promise<void>;
}

const DEFAULT_RING_BYTES = 4 << 20;
const RING_RETRY_MS = 5;

/** The host's end of a wire: a venue that is sent its commands through a ring, and answers through another. */
export class ThreadedVenue implements Venue {
  readonly stopped: Promise<Error | undefined>;
  /** Resolves when the venue has started. */
  readonly opened: Promise<void>;
  readonly told: ToldHost;
  readonly #options: Required<Pick<VenueOptions, "onNotice" | "onProgress">>;
  readonly #followers: LocalViews;
  readonly #projections: readonly Projection[];
  readonly #conversation: Conversation;
  readonly #commands: LaneWriter;
  readonly #events: LaneReader;
  readonly #hash: HashSlot;
  readonly #thread: ThreadHandle;
  readonly #waiting = new Map<number, Sender>();
  /** Of the frame that is being acknowledged. */
  #frameEvents: Uint8Array = new Uint8Array();
  #nextTicket = 0;
  #sequence = 0;
  /** Whether the views still have followed all that there was. */
  #follows = true;
  #failure: Error | undefined;
  /** How the thread was lost, if it was. */
  #gone: Error | undefined;
  #stopping: Promise<void> | undefined;
  /** The last that the thread told. */
  #lastHash: string | undefined;
  #tellOpened: (error?: Error) => void = () => undefined;
  #tellStopped: (failure: Error | undefined) => void = () => undefined;

  /** Throws a `RangeError` where an option makes no sense. */
  constructor(options: VenueHostOptions, thread: ThreadHandle) {
    const { views = [], projections = [], ringBytes = DEFAULT_RING_BYTES } = options;
    const { onNotice = () => undefined, onProgress = () => undefined } = options;
    this.#options = { onNotice, onProgress };
    this.#followers = new LocalViews(views);
    this.#projections = projections;
    this.#thread = thread;
    const memory: SharedMemory = {
      commands: ByteRing.memory(ringBytes),
      events: ByteRing.memory(ringBytes),
      hash: HashSlot.memory(),
    };
    this.told = {
      memory,
      views: views.map(({ name }) => name),
      projections: projections.map(({ name, toleratesGaps = false, prepare }) => ({
        name,
        toleratesGaps,
        prepares: prepare !== undefined,
      })),
    };
    this.#conversation = new Conversation(thread, (question) => this.#reply(question));
    this.#commands = new LaneWriter(memory.commands, () => thread.send({ kind: "wake" }));
    this.#events = new LaneReader(
      memory.events,
      (kind, number, payload) => this.#take(kind, number, payload),
      () => thread.send({ kind: "feed" }),
    );
    this.#hash = new HashSlot(memory.hash);
    this.stopped = new Promise((resolve) => {
      this.#tellStopped = resolve;
    });
    this.opened = new Promise((resolve, reject) => {
      this.#tellOpened = (error) => (error === undefined ? resolve() : reject(error));
    });
  }

  get sequence(): number {
    return this.#sequence;
  }

  submit(record: Uint8Array): Promise<Submission> {
    return new Promise((acknowledged, refused) => {
      const refusal = this.#refusal(record);
      if (refusal !== undefined) {
        refused(refusal);
        return;
      }
      if (!this.#commands.trySend(ToVenue.command, 0, record)) {
        refused(new VenueOverloaded("the venue's thread", RING_RETRY_MS));
        return;
      }
      this.#waiting.set(this.#nextTicket, { acknowledged, refused });
      this.#nextTicket += 1;
    });
  }

  async flushed(): Promise<void> {
    await this.#conversation.ask({ kind: "flushed" });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#finish();
    return this.#stopping;
  }

  stateHash(): string {
    if (this.#lastHash !== undefined) return this.#lastHash;
    if (this.#gone !== undefined) throw this.#gone;
    this.#hash.clear();
    const { standstill } = this.#thread;
    standstill(() => this.#commands.trySend(ToVenue.hashWanted, 0, new Uint8Array()));
    return this.#hash.awaited(standstill);
  }

  receive(message: WireMessage): void {
    if (this.#conversation.take(message)) return;
    if (message.kind === "wake") this.#events.read();
    else if (message.kind === "feed") this.#commands.fed();
    else if (message.kind === "notice") this.#hearNotice(message.told);
    else if (message.kind === "prepare") this.#foresee(message);
    else if (message.kind === "progress") this.#options.onProgress(message.progress);
    else if (message.kind === "stopped") this.#hearStopped(message.error);
    else if (message.kind === "not_opened") this.#tellOpened(errorOf(message.error));
    else if (message.kind === "opened") {
      this.#events.read();
      this.#sequence = message.sequence;
      this.#tellOpened();
    }
  }

  #foresee({ projection, events, first, last }: WireMessage & { readonly kind: "prepare" }): void {
    this.#projections[projection]?.prepare?.(events, first, last);
  }

  /** The thread is gone: what it was sent and hasn't answered, nobody knows the outcome of. */
  lose(error: Error): void {
    if (this.#gone !== undefined) return;
    this.#gone = error;
    // What it wrote before it went is whole.
    this.#events.read();
    this.#conversation.end(error);
    this.#tellOpened(error);
    if (this.#lastHash === undefined) this.#fail(error);
    this.#tellStopped(this.#failure);
  }

  #refusal(record: Uint8Array): Error | undefined {
    if (this.#failure !== undefined) return new VenueStopped(this.#failure);
    if (this.#stopping !== undefined) return new VenueStopped();
    const { longest } = this.#commands;
    if (record.length <= longest) return undefined;
    return new RangeError(`expected a record of at most ${longest} bytes, was ${record.length}`);
  }

  async #reply(question: Question): Promise<unknown> {
    if (question.kind === "restore") return await this.#followers.restore(question.sections);
    if (question.kind !== "position" && question.kind !== "apply") {
      throw new RangeError(`expected a question of the venue, was ${question.kind}`);
    }
    const projection = this.#projections[question.projection];
    if (projection === undefined) throw new RangeError(`no projection ${question.projection}`);
    if (question.kind === "position") return await projection.position();
    return await projection.apply(question.events, question.first, question.last);
  }

  #take(kind: number, number: number, payload: Uint8Array): void {
    if (kind === ToHost.events) this.#follow(number, payload.slice());
    else if (kind === ToHost.acknowledged) this.#acknowledge(payload.slice());
    else if (kind === ToHost.refused) {
      const told = JSON.parse(new TextDecoder().decode(payload.slice())) as ToldError;
      this.#settled(number)?.refused(errorOf(told));
    } else {
      // As they are now: the events before this message are followed, those behind it are not.
      void this.#conversation.answer(number, () => this.#followers.snapshot());
    }
  }

  /** Views follow first, so that whoever is answered reads what it wrote. */
  #follow(lastSequence: number, events: Uint8Array): void {
    if (!this.#follows) return;
    try {
      this.#followers.apply(recordViews(events), events.length);
    } catch (error) {
      this.#follows = false;
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      this.#thread.send({ kind: "fail", error: toldError(error) });
      return;
    }
    this.#frameEvents = events;
    this.#sequence = lastSequence;
  }

  #acknowledge(bytes: Uint8Array): void {
    const doubles = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length >> 3);
    const frame = this.#frameEvents;
    for (let at = 0; at < doubles.length; at += ACKNOWLEDGED_DOUBLES) {
      // One by one: taking a view of them apart costs as much as all the rest of acknowledging.
      const double = (index: number): number => doubles[at + index] ?? 0;
      const answer = new Acknowledgement(double(1), double(2), frame, double(3), double(4));
      this.#settled(double(0))?.acknowledged(answer);
    }
  }

  /** Undefined where a failure has told it already. */
  #settled(ticket: number): Sender | undefined {
    const sender = this.#waiting.get(ticket);
    this.#waiting.delete(ticket);
    return sender;
  }

  #hearNotice({ notice, error }: ToldNotice): void {
    const { onNotice } = this.#options;
    onNotice("error" in notice ? { ...notice, error: error && errorOf(error) } : notice);
  }

  #hearStopped(error: ToldError | undefined): void {
    this.#events.read();
    // What is on its way to the journal is finished, and the thread answers for each.
    if (error !== undefined) this.#failure ??= errorOf(error);
    this.#tellStopped(this.#failure);
  }

  /** Stops at once, and answers for the thread. */
  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { refused } of this.#waiting.values()) refused(new OutcomeUnknown(error));
    this.#waiting.clear();
  }

  async #finish(): Promise<void> {
    if (this.#gone !== undefined) return;
    try {
      const hash = (await this.#conversation.ask({ kind: "stop" })) as string;
      this.#events.read();
      this.#lastHash = hash;
    } catch (error) {
      // A thread that is lost has closed nothing in order; the next start recovers what it kept.
      if (error !== this.#gone) throw error;
    } finally {
      await this.#thread.end();
      this.#tellStopped(this.#failure);
    }
  }
}
