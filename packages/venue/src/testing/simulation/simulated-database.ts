import { recordKind, recordLength, recordViews } from "@pincex/engine";
import type { ProjectionBatch } from "@pincex/ledger/sql";
import { appliedSequence } from "../../events/applied.ts";
import { VenueEventKind } from "../../events/event-record.ts";
import { ledgerBatch } from "../../projection/ledger-batch.ts";
import type { Projection } from "../../projection/projection.ts";
import { TablesProjection } from "../../projection/tables-projection.ts";
import { Fingerprint } from "./fingerprint.ts";
import type { Owner, Scheduler } from "./scheduler.ts";
import type { SimulatedNetwork } from "./simulated-network.ts";

const PATIENCE_MS = 30;

/** What the ledger's tables hold. */
class LedgerTables {
  position = 0;
  entries = 0;
  readonly balances = new Map<number, bigint>();
  readonly held = new Map<number, bigint>();

  /** One transaction, by compare and set of the position. */
  apply(batch: ProjectionBatch): void {
    if (batch.from !== this.position) throw conflict(batch.from, this.position);
    this.add(batch);
    this.position = batch.to;
  }

  /** The rows alone. */
  add(batch: ProjectionBatch): void {
    for (const { number } of batch.accounts) {
      this.balances.set(number, 0n);
      this.held.set(number, 0n);
    }
    for (const { entry } of batch.entries) {
      this.entries += 1;
      for (const { account, amount } of entry.postings) {
        this.balances.set(account, (this.balances.get(account) ?? 0n) + amount);
      }
    }
    for (const { account, held } of batch.held) this.held.set(account, held);
  }
}

/** What an auditor keeps: a digest of what each command did. */
class AuditTable {
  readonly digests: string[] = [];

  get position(): number {
    return this.digests.length;
  }

  append(first: number, digests: readonly string[]): void {
    if (first !== this.position + 1) throw conflict(first - 1, this.position);
    this.digests.push(...digests);
  }
}

/** A database at the other end of a network, and the connections of processes to it. */
export class SimulatedDatabase {
  readonly ledger = new LedgerTables();
  readonly audit = new AuditTable();
  /** Refuses all connections. */
  down = false;
  readonly #scheduler: Scheduler;
  readonly #network: SimulatedNetwork;

  constructor(scheduler: Scheduler, network: SimulatedNetwork) {
    this.#scheduler = scheduler;
    this.#network = network;
  }

  /** The venue's own projection, over these tables. */
  ledgerProjection(owner: Owner): Projection {
    const ask = this.connection(owner);
    return new TablesProjection("ledger", {
      position: () => ask("position of ledger", () => this.ledger.position),
      write: (events, from, to) =>
        ask("write to ledger", () => this.ledger.apply(ledgerBatch(events, from, to))),
    });
  }

  auditProjection(owner: Owner): Projection {
    const ask = this.connection(owner);
    return {
      name: "audit",
      position: () => ask("position of audit", () => this.audit.position),
      apply: (events, first, last) =>
        ask("write to audit", () => {
          const digests = digestsOf(events);
          if (digests.length !== last - first + 1) throw new RangeError("expected every command");
          // At least once is what was promised; exactly once is what the position makes of it.
          if (last <= this.audit.position) return;
          this.audit.append(first, digests);
        }),
    };
  }

  /** Asks, and waits so long for the answer. What is asked may be done although the answer never comes, and later. */
  connection(owner: Owner): <T>(what: string, perform: () => T) => Promise<T> {
    const itself = (): undefined => undefined;
    const asker = (): Owner => owner;
    return (what, perform) =>
      new Promise((resolve, reject) => {
        const giveUp = this.#scheduler.after(
          PATIENCE_MS,
          "database silent",
          () => reject(unreachable("ETIMEDOUT")),
          owner,
        );
        let served = false;
        const answer = (tell: () => void): void =>
          this.#network.send(`answer to ${what}`, asker, () => {
            giveUp();
            tell();
          });
        this.#network.send(what, itself, () => {
          // A connection delivers once, or breaks.
          if (served) return;
          served = true;
          if (this.down) return answer(() => reject(unreachable("ECONNREFUSED")));
          try {
            const result = perform();
            answer(() => resolve(result));
          } catch (error) {
            answer(() => reject(error));
          }
        });
      });
  }
}

/** One digest for each command in a stream of events. */
export const digestsOf = (events: Uint8Array): string[] => {
  const views = recordViews(events);
  const digests: string[] = [];
  let digest = new Fingerprint();
  let sequence = 0;
  for (let offset = 0; offset < events.length; offset += recordLength(views, offset)) {
    if (recordKind(views, offset) === VenueEventKind.applied) {
      if (sequence > 0) digests.push(`${sequence} ${digest.hex}`);
      sequence = appliedSequence(views, offset);
      digest = new Fingerprint();
    }
    digest.bytes(events.subarray(offset, offset + recordLength(views, offset)));
  }
  if (sequence > 0) digests.push(`${sequence} ${digest.hex}`);
  return digests;
};

const unreachable = (code: string): Error =>
  Object.assign(new Error(`${code}: the simulated database says so`), { code, simulated: true });

const conflict = (expected: number, position: number): Error =>
  Object.assign(new Error(`expected the position ${expected}, was ${position}`), {
    simulated: true,
  });
