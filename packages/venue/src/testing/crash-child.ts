import { once } from "node:events";
import { join } from "node:path";
import { openJournalOn } from "../node/file-journal.ts";
import { openFileSnapshots } from "../node/file-snapshots.ts";
import { nodeMachine } from "../node/machine.ts";
import { openSequencer } from "../sequencer/open-sequencer.ts";
import { lyingMachine } from "./lying-machine.ts";
import { ToyView } from "./toy-followers.ts";
import { add, toyMachine } from "./toy-machine.ts";

// A process to be killed: waits for a word on its standard input, then keeps a toy venue busy in the directory it is given, and says of each command that is
// acknowledged its sequence and its amount. Its parent reads from the pipe what it was told before it died.
await once(process.stdin, "data");
process.stdin.destroy();
const [directory = "", clients = "40", disk = "honest"] = process.argv.slice(2);
const venue = await openSequencer(
  {
    journal: await openJournalOn(disk === "lying" ? lyingMachine : nodeMachine, {
      directory: join(directory, "journal"),
      segmentBytes: 65_536,
    }),
    snapshots: await openFileSnapshots({ directory: join(directory, "snapshots") }),
    views: [new ToyView()],
    snapshotEvery: 3_000,
    clock: Date.now,
  },
  toyMachine,
);
process.stdout.write(`open ${process.pid}\n`);

const client = async (): Promise<never> => {
  for (;;) {
    const amount = Math.floor(Math.random() * 1_000);
    const { sequence } = await venue.submit(add(amount, 16 + 8 * (amount % 20)));
    process.stdout.write(`${sequence} ${amount}\n`);
  }
};
await Promise.all(Array.from({ length: Number(clients) }, client));
