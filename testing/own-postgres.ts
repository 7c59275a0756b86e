import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";

const VERSIONS = "/usr/lib/postgresql";

/** Where the server's programs are; undefined if there are none. */
export const postgresPrograms = (): string | undefined => {
  if (!existsSync(VERSIONS)) return undefined;
  return readdirSync(VERSIONS)
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join(VERSIONS, version, "bin"))
    .find((bin) => existsSync(join(bin, "initdb")));
};

/** PostgreSQL refuses to run as root; then it runs as the user that its package has made. */
const unprivileged = (): { uid: number; gid: number } | Record<string, never> => {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"]).toString());
  return { uid: id("-u"), gid: id("-g") };
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });

/** A PostgreSQL cluster of a test's own, with `fsync` on unless told, that can be killed. */
export class OwnPostgres {
  readonly connectionString: string;
  readonly #programs: string;
  readonly #directory: string;
  readonly #port: number;
  readonly #settings: readonly string[];
  readonly #user: ReturnType<typeof unprivileged> = unprivileged();
  #postmaster: ChildProcess | undefined;

  private constructor(
    programs: string,
    directory: string,
    port: number,
    settings: readonly string[],
  ) {
    this.#programs = programs;
    this.#directory = directory;
    this.#port = port;
    this.#settings = settings;
    this.connectionString = `postgres://postgres@127.0.0.1:${port}/postgres`;
  }

  /** `settings` as the server's configuration has them, such as "fsync=off". */
  static async create(programs: string, ...settings: string[]): Promise<OwnPostgres> {
    const directory = mkdtempSync(join(tmpdir(), "pincex-postgres-"));
    const cluster = new OwnPostgres(programs, directory, await freePort(), settings);
    const { uid, gid } = cluster.#user;
    if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid);
    execFileSync(
      join(programs, "initdb"),
      [
        "-D",
        join(directory, "data"),
        "-U",
        "postgres",
        "-A",
        "trust",
        "--no-locale",
        "-E",
        "UTF8",
        "-N",
      ],
      { ...cluster.#user, cwd: directory, stdio: "ignore" },
    );
    await cluster.start();
    return cluster;
  }

  /** Starts it, if need be several times: what is left of one that was killed takes a moment to go. */
  async start(): Promise<void> {
    const settings = ["shared_buffers=16MB", ...this.#settings].flatMap((each) => ["-c", each]);
    for (let attempt = 1; ; attempt++) {
      this.#postmaster = spawn(
        join(this.#programs, "postgres"),
        ["-D", join(this.#directory, "data"), "-p", `${this.#port}`]
          .concat("-h", "127.0.0.1", "-k", this.#directory)
          .concat(settings),
        { ...this.#user, cwd: this.#directory, stdio: "ignore" },
      );
      if (await this.#answers()) return;
      if (attempt === 10) throw new Error("expected the server to start");
    }
  }

  /** Kills all of its processes at once, as if the machine had stopped. */
  async kill(): Promise<void> {
    const postmaster = this.#postmaster;
    if (postmaster?.pid === undefined || postmaster.exitCode !== null) return;
    const gone = new Promise((resolve) => postmaster.once("exit", resolve));
    const children = childrenOf(postmaster.pid);
    for (const pid of [postmaster.pid, ...children]) signal(pid, "SIGKILL");
    await gone;
  }

  /** Lets all of its processes stand still, so that its connections hang, until `go`. */
  freeze(): void {
    this.#signalAll("SIGSTOP");
  }

  go(): void {
    this.#signalAll("SIGCONT");
  }

  async remove(): Promise<void> {
    this.go();
    await this.kill();
    await new Promise((resolve) => setTimeout(resolve, 200));
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #signalAll(name: NodeJS.Signals): void {
    const pid = this.#postmaster?.pid;
    if (pid === undefined) return;
    for (const each of [pid, ...childrenOf(pid)]) signal(each, name);
  }

  async #answers(): Promise<boolean> {
    while (this.#postmaster?.exitCode === null && this.#postmaster.signalCode === null) {
      const client = new Client({ connectionString: this.connectionString });
      client.on("error", () => {});
      try {
        await client.connect();
        return true;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      } finally {
        await client.end().catch(() => undefined);
      }
    }
    return false;
  }
}

const childrenOf = (parent: number): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);

const parentOf = (pid: number): number => {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[1]);
  } catch {
    return 0;
  }
};

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // It was faster.
  }
};
