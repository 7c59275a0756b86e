import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A Redis of a test's own, which keeps nothing. */
export class OwnRedis {
  readonly url: string;
  readonly #server: ChildProcess;

  private constructor(url: string, server: ChildProcess) {
    this.url = url;
    this.#server = server;
  }

  static async start(): Promise<OwnRedis> {
    const port = await freePort();
    const settings = ["--bind", "127.0.0.1", "--port", `${port}`, "--save", ""];
    const server = spawn("redis-server", settings, { stdio: ["ignore", "pipe", "inherit"] });
    for await (const chunk of server.stdout) {
      if (String(chunk).includes("Ready to accept connections")) break;
    }
    return new OwnRedis(`redis://127.0.0.1:${port}`, server);
  }

  async stop(): Promise<void> {
    const gone = once(this.#server, "exit");
    this.#server.kill("SIGTERM");
    await gone;
  }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};
