import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "pg";

const VERSIONS = "/usr/lib/postgresql";

/** Where the server's programs are; undefined if there are none. */
export const postgresPrograms = (): string | undefined => {
  if (!existsSync(VERSIONS)) return undefined;
  const newest = readdirSync(VERSIONS).sort((one, other) => Number(other) - Number(one));
  return newest
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
      server.close(() =>
        resolve(typeof address === "object" && address !== null ? address.port : 0),
      );
    });
  });

/** A PostgreSQL cluster of a test's own, with `fsync` on, that can be killed. */
export class OwnPostgres {
  readonly connectionString: string;
  readonly #programs: string;
  readonly #directory: string;
  readonly #port: number;
  readonly #user: ReturnType<typeof unprivileged>;
  #postmaster: ChildProcess | undefined;

  private constructor(programs: string, directory: string, port: number) {
    this.#programs = programs;
    this.#directory = directory;
    this.#port = port;
    this.#user = unprivileged();
    this.connectionString = `postgres://postgres@127.0.0.1:${port}/postgres`;
  }

  static async create(programs: string): Promise<OwnPostgres> {
    const directory = mkdtempSync(join(tmpdir(), "pincex-postgres-"));
    const cluster = new OwnPostgres(programs, directory, await freePort());
    const { uid, gid } = cluster.#user;
    if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid);
    execFileSync(
      join(programs, "initdb"),
      ["-D", join(directory, "data"), "-U", "postgres", "-A", "trust", "--no-locale", "-E", "UTF8"],
      { ...cluster.#user, cwd: directory, stdio: "ignore" },
    );
    await cluster.start();
    return cluster;
  }

  /** Starts it, if need be several times: what is left of one that was killed takes a moment to go. */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const options = ["-D", join(this.#directory, "data"), "-p", `${this.#port}`];
      const settings = ["-h", "127.0.0.1", "-k", this.#directory, "-c", "shared_buffers=16MB"];
      this.#postmaster = spawn(join(this.#programs, "postgres"), [...options, ...settings], {
        ...this.#user,
        cwd: this.#directory,
        stdio: "ignore",
      });
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
    postmaster.kill("SIGKILL");
    for (const pid of children) killIfThere(pid);
    await gone;
  }

  async remove(): Promise<void> {
    await this.kill();
    await new Promise((resolve) => setTimeout(resolve, 200));
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    while (this.#postmaster?.exitCode === null && this.#postmaster.signalCode === null) {
      const pool = new Pool({ connectionString: this.connectionString, max: 1 });
      pool.on("error", () => {});
      try {
        await pool.query("select 1");
        return true;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      } finally {
        await pool.end();
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

const killIfThere = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It was faster.
  }
};
