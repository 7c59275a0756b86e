import { writeFileSync } from "node:fs";
import { RecordWriter, recordViews } from "@pincex/engine";
import fc from "fast-check";
import { encodeVenueCommand, type VenueCommand } from "../commands/venue-command.ts";
import { VenueCore } from "../core/venue-core.ts";
import {
  beginnings,
  beginningsByNewestRules,
  commandFlow,
  flowByNewestRules,
} from "./command-flow.ts";
import { CoreUnderTest } from "./core-under-test.ts";
import { replayed } from "./past-journal.ts";

/**
 * Keeps a journal of this release for those to come: `npm run keep-past-journal -- NAME [rules-1]`. Do so before rules are
 * raised; a kept journal is never written again.
 */
const [name = "", first] = process.argv.slice(2);
if (!/^[a-z0-9-]+$/.test(name)) throw new RangeError("expected a name of a-z 0-9 -");
const [begin, flows] =
  first === "rules-1" ? [beginnings, commandFlow] : [beginningsByNewestRules, flowByNewestRules];

const venue = new CoreUnderTest(new VenueCore());
const kept = new RecordWriter();
const keep = (command: VenueCommand): void => {
  if (first === "rules-1" && command.kind === "raise_rules") return;
  venue.bytesOf(command);
  const record = recordViews(encodeVenueCommand(command));
  const at = kept.reserve(8);
  kept.views.f64[at >> 3] = venue.core.time;
  kept.append(record, 0, record.bytes.length);
};
for (const command of begin) keep(command);
for (const flow of fc.sample(flows, { numRuns: 12, seed: 7 })) flow.forEach(keep);

const commands = kept.finished();
const past = {
  commands: Buffer.from(commands).toString("base64"),
  outcome: replayed(new VenueCore(), commands),
};
const file = new URL(`past-journals/${name}.json`, import.meta.url);
writeFileSync(file, `${JSON.stringify(past, undefined, 2)}\n`, { flag: "wx" });
