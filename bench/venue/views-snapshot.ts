import { RecordWriter, recordLength } from "@pincex/engine";
import { VenueCore, writeVenueCommand } from "@pincex/venue";
import { Views } from "@pincex/venue/views";
import type { BenchOptions, Print } from "../figure.ts";
import { beginnings, commandStream, MIXES, median } from "./core.ts";

/** The longest that a snapshot of the views keeps their thread from all else: in slices, and beside it in one go. */
export const viewsSnapshot = (print: Print, { short }: BenchOptions): void => {
  const count = short ? 100_000 : 600_000;
  const views = filledViews(count);
  const inOneGo: number[] = [];
  const longest: number[] = [];
  for (let round = 0; round < (short ? 3 : 7); round += 1) {
    inOneGo.push(millisecondsOf(() => views.snapshot()));
    longest.push(longestSlice(views));
  }
  const ours = median(longest);
  const theirs = median(inOneGo);
  print({
    bench: "venue/views-snapshot",
    ours: Math.round(ours * 100) / 100,
    unit: "ms of CPU without a turn",
    peer: "the same in one go",
    theirs: Math.round(theirs * 100) / 100,
    ratio: Math.round((ours / theirs) * 1_000) / 1_000,
    note: `${(views.snapshot().length / 1e6).toFixed(0)} MB of views after ${count} commands, the longest slice; median of ${longest.length}`,
  });
};

const longestSlice = (views: Views): number => {
  let sliced: ReturnType<Views["beginSnapshot"]> | undefined;
  let longest = millisecondsOf(() => {
    sliced = views.beginSnapshot();
  });
  for (let isLeft = true; isLeft; ) {
    const took = millisecondsOf(() => {
      isLeft = sliced?.slice() ?? false;
    });
    longest = Math.max(longest, took);
  }
  return Math.max(
    longest,
    millisecondsOf(() => sliced?.finished()),
  );
};

/** Of the processor, so that what else the machine does doesn't count. */
const millisecondsOf = (act: () => void): number => {
  const began = process.cpuUsage();
  act();
  const { system, user } = process.cpuUsage(began);
  return (system + user) / 1_000;
};

/** Views that have followed so many commands, of which half trade. */
const filledViews = (count: number): Views => {
  const [, mix] = MIXES;
  if (mix === undefined) throw new RangeError("expected a second mix of commands");
  const commands = new RecordWriter();
  for (const command of beginnings) writeVenueCommand(commands, command);
  const flow = commandStream(mix, count);
  commands.append(flow.views, 0, flow.length);
  const core = new VenueCore();
  const views = new Views();
  const out = new RecordWriter(1 << 20);
  for (let offset = 0; offset < commands.length; offset += recordLength(commands.views, offset)) {
    core.apply(core.sequence + 1, core.sequence, commands.views, offset, out);
    views.apply(out.views, 0, out.length);
    out.clear();
  }
  return views;
};
