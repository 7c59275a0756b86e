import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What tells a process from every other that ever had its number. Empty where the operating system doesn't say. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the kernel's own units: a number that is used again belongs to a later start. */
  readonly startTime: string;
  /** Names the run of the machine: after a restart, nothing of before is running. */
  readonly bootId: string;
  /** Names the space in which the number counts: each container has its own. */
  readonly pidNamespace: string;
}

export const thisProcess = (): ProcessIdentity => ({
  pid: process.pid,
  startTime: statusOf(process.pid)?.startTime ?? "",
  bootId: told(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
  pidNamespace: told(() => readlinkSync("/proc/self/ns/pid")),
});

/** Whether a process still runs: "unseen" if it can't be told from here, in another container or without /proc. */
export type ProcessState = "running" | "gone" | "unseen";

export const processState = (other: ProcessIdentity): ProcessState => {
  const self = thisProcess();
  if (other.bootId !== self.bootId) return "gone";
  if (other.pidNamespace !== self.pidNamespace) return "unseen";
  if (!hasProcess(other.pid)) return "gone";
  if (other.startTime === "" || self.startTime === "") return "unseen";
  const status = statusOf(other.pid);
  if (status === undefined || status.startTime !== other.startTime) return "gone";
  return status.ended ? "gone" : "running";
};

const hasProcess = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

const statusOf = (pid: number): { startTime: string; ended: boolean } | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the name in brackets and may hold spaces and brackets itself; the third is the state.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A killed process that nobody has waited for yet is a zombie. It has ended only when its last thread has: one that is
    // inside a write finishes it first.
    const ended = fields[0] === "Z" && readdirSync(`/proc/${pid}/task`).length <= 1;
    return { startTime: fields[19] ?? "", ended };
  } catch {
    return undefined;
  }
};

const told = (ask: () => string): string => {
  try {
    return ask();
  } catch {
    return "";
  }
};
