import { setTimeout as wait } from "node:timers/promises";
import { encodeVenueCommand, type Venue } from "@pincex/venue";
import { median } from "../engine/median.ts";
import type { BenchOptions, Print } from "../figure.ts";
import { ClientProcess } from "./client-process.ts";
import { openDurableGateway } from "./durable-gateway.ts";
import type { Heard } from "./subscribers.ts";

const COMMANDS_PER_SECOND = 200;
const UPDATES_PER_SECOND = 10;

/**
 * One busy book and its subscribers in a second process: what the venue's commands take until they are acknowledged, with them and
 * without, in turns.
 */
export const fanOut = async (print: Print, { short }: BenchOptions): Promise<void> => {
  for (const subscribers of short ? [1_000] : [1_000, 5_000]) {
    await measure(print, subscribers, short ? 3 : 10, short ? 1 : 3);
  }
};

const measure = async (
  print: Print,
  subscribers: number,
  seconds: number,
  rounds: number,
): Promise<void> => {
  const { venue, port, stop } = await openDurableGateway();
  const clients = new ClientProcess();
  await latenciesOf(venue, 1);
  const [alone, together, heard]: [Latency[], Latency[], Heard[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    alone.push(await latenciesOf(venue, seconds));
    const listening = { by: "subscription", port, subscribers, seconds } as const;
    const { heard: hearing } = await clients.listen(listening);
    together.push(await latenciesOf(venue, seconds));
    heard.push(await hearing);
  }
  clients.stop();
  await stop();
  const of = (runs: readonly Latency[], share: keyof Latency) =>
    median(runs.map((run) => run[share]));
  const asked = subscribers * UPDATES_PER_SECOND * seconds;
  const got = median(heard.map(({ updates }) => updates));
  const lost = heard.reduce((sum, each) => sum + each.lost, 0);
  print({
    bench: `gateway/fan-out-${subscribers}`,
    ours: round3(of(together, "p50")),
    unit: "ms until a command is acknowledged (p50)",
    peer: "the same without subscribers",
    theirs: round3(of(alone, "p50")),
    ratio: round3(of(together, "p50") / of(alone, "p50")),
    note: `p99 ${of(together, "p99").toFixed(1)} ms, without ${of(alone, "p99").toFixed(1)} ms; ${Math.round(got / seconds)} updates a second of ${asked / seconds} heard, at least ${median(heard.map(({ fewest }) => fewest))} in ${seconds} s by each, ${lost} lost; ${COMMANDS_PER_SECOND} commands a second, median of ${rounds}`,
  });
};

interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Orders that rest and are cancelled, at a steady pace, so that the book changes all the time and stays as small as it is. */
const latenciesOf = async (venue: Venue, seconds: number): Promise<Latency> => {
  const latencies: number[] = [];
  const submitted: Promise<void>[] = [];
  const submit = async (turn: number): Promise<void> => {
    const began = performance.now();
    await venue.submit(command(turn));
    latencies.push(performance.now() - began);
  };
  const began = performance.now();
  for (let turn = 0; turn < seconds * COMMANDS_PER_SECOND; turn += 1) {
    const due = began + (turn * 1_000) / COMMANDS_PER_SECOND;
    const early = due - performance.now();
    if (early > 0) await wait(early);
    submitted.push(submit(turn));
  }
  await Promise.all(submitted);
  latencies.sort((one, other) => one - other);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
};

const command = (turn: number): Uint8Array => {
  const account = 1 + (Math.floor(turn / 2) % 1_000);
  const clientOrderId = `quote-${account}`;
  return encodeVenueCommand(
    turn % 2 === 1
      ? { kind: "cancel_order", account, market: 1, orderId: 0, clientOrderId }
      : {
          kind: "place_order",
          account,
          clientOrderId,
          order: {
            market: 1,
            side: turn % 4 === 0 ? "buy" : "sell",
            type: "limit",
            timeInForce: "gtc",
            price: (turn % 4 === 0 ? 4_990_000 : 5_010_000) + (turn % 100),
            quantity: 10,
            quoteQuantity: 0,
          },
        },
  );
};

const round3 = (value: number): number => Math.round(value * 1_000) / 1_000;
