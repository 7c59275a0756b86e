// Lives through simulated worlds:
//
//   npm run simulate -- --seed 42               one, and tells its story
//   npm run simulate -- --seeds 1000 --from 1   many, and tells how it goes
import { parseArgs } from "node:util";
import { SABOTAGES } from "./sabotage.ts";
import { type Outcome, simulate } from "./world.ts";

const USAGE = `Usage: npm run simulate -- --seed N | --seeds COUNT [--from N]
  --seed N         lives through one world and tells its story
  --seeds COUNT    lives through many, and stops at the first that breaks a law
  --from N         the first seed of those; 1 unless told
  --keep-going     does not stop at the first
  --sabotage NAME  with a broken build: ${Object.keys(SABOTAGES).join(", ")}
`;

const refuse = (sentence: string): never => {
  process.stderr.write(`${sentence}\n${USAGE}`);
  process.exit(2);
};

const parsed = () => {
  try {
    return parseArgs({
      options: {
        seed: { type: "string" },
        seeds: { type: "string" },
        from: { type: "string", default: "1" },
        "keep-going": { type: "boolean", default: false },
        sabotage: { type: "string" },
      },
    }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
};

const wholeNumber = (name: string, text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    refuse(`Expected --${name} to be a whole number, was ${text}.`);
  return number;
};

const options = parsed();
const sabotage = options.sabotage === undefined ? {} : SABOTAGES[options.sabotage];
if (sabotage === undefined) refuse(`There is no sabotage "${options.sabotage}".`);

const again = ({ seed }: Outcome): string =>
  `npm run simulate -- --seed ${seed}${options.sabotage === undefined ? "" : ` --sabotage "${options.sabotage}"`}`;

const one = async (seed: number): Promise<boolean> => {
  const outcome = await simulate(seed, sabotage);
  process.stdout.write(`${outcome.story.join("\n")}\n`);
  const { acknowledged, broken, starts, steps, trace } = outcome;
  process.stdout.write(
    `seed ${seed}, trace ${trace}: ${steps} steps, ${starts} starts, ${acknowledged} answers\n`,
  );
  if (broken !== undefined) process.stdout.write(`${broken.stack}\n${causesOf(broken)}`);
  return broken === undefined;
};

const causesOf = (error: Error): string =>
  error.cause instanceof Error ? `caused by ${error.cause.stack}\n${causesOf(error.cause)}` : "";

const many = async (from: number, count: number): Promise<boolean> => {
  const began = performance.now();
  let [steps, starts, commands, broken] = [0, 0, 0, 0];
  for (let seed = from; seed < from + count; seed += 1) {
    const outcome = await simulate(seed, sabotage);
    steps += outcome.steps;
    starts += outcome.starts;
    commands += outcome.commands;
    if (outcome.broken !== undefined) {
      broken += 1;
      process.stdout.write(`\r${outcome.broken.message}\n  ${again(outcome)}\n`);
      if (!options["keep-going"]) break;
    }
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    process.stdout.write(
      `\r${seed - from + 1} of ${count} worlds in ${seconds} s: ${commands} commands, ${starts} starts, ${steps} steps, ${broken} broken`,
    );
  }
  process.stdout.write("\n");
  return broken === 0;
};

const allHeld =
  options.seed !== undefined
    ? await one(wholeNumber("seed", options.seed))
    : await many(wholeNumber("from", options.from), wholeNumber("seeds", options.seeds ?? "100"));
process.exitCode = allHeld ? 0 : 1;
