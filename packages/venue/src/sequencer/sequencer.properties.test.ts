import { recordSecond } from "@pincex/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eachCommand } from "../journal/frame-payload.ts";
import { type MemoryJournal, memoryJournal } from "../journal/memory-journal.ts";
import { memorySnapshots } from "../snapshots/memory-snapshots.ts";
import {
  type AppendFate,
  type ControlledJournal,
  controlledJournal,
  turns,
} from "../testing/controlled-journal.ts";
import { type MortalProjection, mortalProjection } from "../testing/mortal-projection.ts";
import { ToyProjection, ToyView } from "../testing/toy-followers.ts";
import { add, bomb, readAdded, toyMachine } from "../testing/toy-machine.ts";
import { openSequencer } from "./open-sequencer.ts";
import type { Venue } from "./venue.ts";

/** A whole record, but of no command's kind. */
const garbage = add(1).fill(199, 0, 1);

/** What may happen to a venue. */
type Happening =
  | { readonly kind: "submit"; readonly amount: number }
  | { readonly kind: "bomb" }
  | { readonly kind: "garbage" }
  | { readonly kind: "turn" }
  | { readonly kind: "append"; readonly fate: AppendFate }
  | { readonly kind: "clock"; readonly jump: number }
  | { readonly kind: "projection"; readonly fault: "unreachable" | "applied" }
  | { readonly kind: "crash"; readonly fate: AppendFate }
  | { readonly kind: "stop" };

const fate = fc.constantFrom<AppendFate>("kept", "kept", "kept", "lost", "kept_but_failed");

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant("submit"), amount: fc.nat(1_000) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("turn") }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("append"), fate: fc.constant("kept") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("append"), fate }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("clock"), jump: fc.integer({ min: -50, max: 50 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("garbage") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("bomb") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("projection"),
      fault: fc.constantFrom("unreachable", "applied"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("crash"), fate }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stop") }) },
) as fc.Arbitrary<Happening>;

/** A venue with everything around it that outlives its process, and what its clients were told. */
class World {
  readonly kept: MemoryJournal = memoryJournal();
  readonly snapshots = memorySnapshots();
  readonly database = new ToyProjection();
  readonly told = new Map<number, { time: number; amount: number; total: number }>();
  now = 1_000;
  /** Whether something happened that a venue does not outlive. */
  fatal = false;
  journal!: ControlledJournal;
  venue!: Venue;
  view!: ToyView;
  projection!: MortalProjection;

  async start(): Promise<void> {
    this.journal = controlledJournal(this.kept.reopen());
    this.view = new ToyView();
    this.fatal = false;
    this.projection = mortalProjection(this.database);
    this.venue = await openSequencer(
      {
        journal: this.journal,
        snapshots: this.snapshots,
        snapshotEvery: 3,
        views: [this.view],
        projections: [this.projection],
        clock: () => this.now,
        queueLimit: 20,
      },
      toyMachine,
    );
    this.journal.hold();
  }

  submit(command: Uint8Array): void {
    const { venue, view } = this;
    venue.submit(command).then(
      ({ sequence, time, events }) => {
        const [added, ...others] = readAdded(events);
        expect(others).toEqual([]);
        expect(added?.sequence).toBe(sequence);
        expect(view.last).toBeGreaterThanOrEqual(sequence);
        expect(this.told.has(sequence)).toBe(false);
        this.told.set(sequence, { time, amount: added?.amount ?? 0, total: added?.total ?? 0 });
      },
      () => undefined,
    );
  }

  async happen(event: Happening): Promise<void> {
    if (event.kind === "bomb" || ("fate" in event && event.fate !== "kept")) this.fatal = true;
    if (event.kind === "submit") this.submit(add(event.amount));
    if (event.kind === "bomb") this.submit(bomb());
    if (event.kind === "garbage") this.submit(garbage);
    if (event.kind === "turn") await turns(1);
    if (event.kind === "append") await this.journal.letGo(event.fate);
    if (event.kind === "clock") this.now += event.jump;
    if (event.kind === "projection") this.database.faults.push(event.fault);
    if (event.kind === "crash") await this.crash(event.fate);
    if (event.kind === "stop") await this.stop();
  }

  async crash(fate: AppendFate): Promise<void> {
    this.projection.die();
    await this.journal.letGo(fate);
    await this.start();
  }

  async stop(): Promise<void> {
    const stopped = this.venue.stop();
    while (await this.journal.letGo()) await turns(1);
    await stopped;
    if (!this.fatal) expect(await this.venue.stopped).toBeUndefined();
    await this.start();
  }
}

test("whatever happens and in whatever order, nothing that was acknowledged is lost, doubled or changed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 80, size: "max" }), async (happenings) => {
      const world = new World();
      await world.start();
      for (const event of happenings) await world.happen(event);
      world.database.faults = [];
      await world.stop();
      await world.venue.flushed();

      const journaled: { sequence: number; time: number; amount: number }[] = [];
      for await (const frame of world.kept.read(1)) {
        eachCommand(frame, (sequence, time, commands, offset) =>
          journaled.push({ sequence, time, amount: recordSecond(commands, offset) }),
        );
      }
      const sum = journaled.reduce((total, { amount }) => total + amount, 0);
      const replay = await openSequencer(
        { journal: world.kept.reopen(), clock: () => 0 },
        toyMachine,
      );

      expect(journaled.map(({ sequence }) => sequence)).toEqual(journaled.map((_, i) => i + 1));
      const times = journaled.map(({ time }) => time);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      let total = 0;
      for (const { sequence, time, amount } of journaled) {
        total += amount;
        const told = world.told.get(sequence);
        if (told !== undefined) expect(told).toEqual({ time, amount, total });
      }
      expect(Math.max(0, ...world.told.keys())).toBeLessThanOrEqual(journaled.length);
      expect(world.database.amounts).toEqual(journaled.map(({ amount }) => amount));
      expect([world.view.last, world.view.total]).toEqual([journaled.length, sum]);
      expect(world.venue.stateHash()).toBe(replay.stateHash());
    }),
    { numRuns: 150 },
  );
});
