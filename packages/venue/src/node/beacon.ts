import { connect, createServer, type Server } from "node:net";

// `sun_path` holds 108 bytes on Linux, 104 on macOS, with a zero at the end.
const PATH_BYTES_LIMIT = 103;

/**
 * A socket that answers for as long as its process lives: the kernel closes it however the process ends, and it can be
 * reached from other containers on the machine, where process numbers mean nothing. Undefined where there can be none.
 */
export const lightBeacon = async (path: string): Promise<Server | undefined> => {
  if (Buffer.byteLength(path) > PATH_BYTES_LIMIT || process.platform === "win32") return undefined;
  const server = createServer((visitor) => visitor.destroy());
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
};

/** Whether somebody listens there. A stopped or busy process counts: its kernel answers for it. */
export const beaconAnswers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const visitor = connect(path);
    visitor.once("connect", () => {
      visitor.destroy();
      resolve(true);
    });
    visitor.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code !== "ECONNREFUSED" && error.code !== "ENOENT");
    });
  });

export const quenchBeacon = (beacon: Server): Promise<void> =>
  new Promise((resolve) => {
    beacon.close(() => resolve());
  });
