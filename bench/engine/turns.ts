import { spawnSync } from "node:child_process";

/**
 * Runs a file in a process of its own, on one core that it does not leave, and answers with the JSON that it prints. This
 * process waits meanwhile, so that no two are measured at once.
 */
export const turnOf = <Answer>(file: string, argument: object): Answer => {
  const node = [process.execPath, ...process.execArgv, ...MEMORY, file, JSON.stringify(argument)];
  const [command = "", ...args] = core === undefined ? node : [TASKSET, "-c", core, ...node];
  const { status, signal, stdout } = spawnSync(command, args, {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  if (status !== 0) {
    throw new Error(`expected ${JSON.stringify(argument)} to be measured, was ${status ?? signal}`);
  }
  return JSON.parse(stdout) as Answer;
};

/** Of Linux; elsewhere the turns run on any core. */
const TASKSET = "taskset";

/** A million orders as objects are more than some machines give a process. */
const MEMORY = ["--max-old-space-size=4096"];

/** The last core that this process may use: the first has the machine's own work. Undefined where cores can't be chosen. */
const lastCore = (): string | undefined => {
  const { stdout } = spawnSync(TASKSET, ["-cp", `${process.pid}`], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  return /list: .*?(\d+)\s*$/.exec(stdout ?? "")?.[1];
};

const core = lastCore();

/** Where the turns are taken, as it is said in a figure's note. */
export const place: string =
  core === undefined ? "in processes of their own" : `in processes of their own on core ${core}`;
