import { encodeVenueCommand, type VenueCommand } from "../../commands/venue-command.ts";
import type { Dice } from "./dice.ts";
import type { Owner, Scheduler } from "./scheduler.ts";

/** What a client was told of a command. */
export interface Told {
  readonly commandId: string;
  readonly record: Uint8Array;
  readonly sequence: number;
  readonly time: number;
  readonly events: Uint8Array;
}

/** What comes back for a request, if anything does. */
export type Reply =
  | {
      readonly kind: "answered";
      readonly sequence: number;
      readonly time: number;
      readonly events: Uint8Array;
    }
  | { readonly kind: "failed"; readonly code: string };

/** Carries a request to a venue, and its reply back. */
export type Send = (client: Owner, record: Uint8Array, reply: (reply: Reply) => void) => void;

interface Wish {
  readonly commandId: string;
  readonly record: Uint8Array;
  done: boolean;
}

const PATIENCE_MS = 80;

/**
 * Wants one thing after the other, or a few at a time, and asks for each until it is answered: always with the same
 * `commandId`, since nobody knows what became of a request without an answer.
 */
export class SimulatedClient implements Owner {
  readonly name: string;
  alive = true;
  paused = false;
  /** Every answer, repeated ones included. */
  readonly told: Told[] = [];
  /** Codes of what it was told instead. */
  readonly failures: string[] = [];
  attempts = 0;
  readonly #scheduler: Scheduler;
  readonly #dice: Dice;
  readonly #send: Send;
  readonly #wanted: VenueCommand[];
  readonly #atOnce: number;
  #begun = 0;
  #open = 0;

  constructor(
    name: string,
    wanted: readonly VenueCommand[],
    {
      atOnce,
      dice,
      scheduler,
      send,
    }: { atOnce: number; dice: Dice; scheduler: Scheduler; send: Send },
  ) {
    this.name = name;
    this.#wanted = [...wanted];
    this.#atOnce = atOnce;
    this.#dice = dice;
    this.#scheduler = scheduler;
    this.#send = send;
  }

  get isDone(): boolean {
    return this.#open === 0 && this.#begun === this.#wanted.length;
  }

  begin(): void {
    while (this.#open < this.#atOnce && this.#begun < this.#wanted.length) {
      const command = this.#wanted[this.#begun] as VenueCommand;
      this.#begun += 1;
      this.#open += 1;
      const commandId = `${this.name}-${this.#begun}`;
      const soon = fromNow(command, this.#scheduler.now) as VenueCommand;
      this.#ask({ commandId, record: encodeVenueCommand({ ...soon, commandId }), done: false });
    }
  }

  #ask(wish: Wish): void {
    if (wish.done) return;
    this.attempts += 1;
    this.#send(this, wish.record, (reply) => this.#hear(wish, reply));
    const patience = PATIENCE_MS * this.#dice.between(0.3, 2);
    this.#scheduler.after(patience, "client asks again", () => this.#ask(wish), this);
  }

  #hear(wish: Wish, reply: Reply): void {
    if (reply.kind === "failed") {
      this.failures.push(reply.code);
      return;
    }
    const { commandId, record } = wish;
    this.told.push({ commandId, record, ...reply });
    if (wish.done) return;
    wish.done = true;
    this.#open -= 1;
    this.#scheduler.after(this.#dice.between(0, 5), "client goes on", () => this.begin(), this);
  }
}

// The commands were made for a world that stands still at 1,000 and counts tens; this one moves by thousands.
const MADE_AT = 1_000;
const STRETCH = 10;

/** The command with every time in it as far from now as it was from when it was made. */
const fromNow = (value: unknown, now: number): unknown => {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((part) => fromNow(part, now));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) =>
      (key === "expiresAt" || key === "at") && typeof part === "number" && part >= MADE_AT
        ? [key, Math.floor(now) + MADE_AT + (part - MADE_AT) * STRETCH]
        : [key, fromNow(part, now)],
    ),
  );
};
