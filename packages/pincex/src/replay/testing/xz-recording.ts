import { execFileSync, spawnSync } from "node:child_process";
import { recording, titled } from "../../../../../scripts/recordings.ts";

/** The command; not a dependency of npm's. */
const XZ = "xz";

/** A recording that is compressed by xz. */
export interface XzRecording {
  /** The path; undefined where the recording or the command `xz` is absent, and then the test that needs it is skipped. */
  readonly file: string | undefined;
  /** A test's title that says why it was skipped, if it was. */
  readonly titled: (title: string) => string;
}

/** Finds one. Node.js can't read xz itself: the command does. With PINCEX_REQUIRE_DATA=1 the absence of either is an error. */
export const xzRecording = (path: string): XzRecording => {
  const file = recording(path);
  if (file === undefined || spawnSync(XZ, ["--version"]).status === 0) {
    return { file, titled: (title) => titled(title, file) };
  }
  const reason = "there is no command xz, which reads the recording (Debian: xz-utils)";
  if (process.env["PINCEX_REQUIRE_DATA"] === "1") {
    throw new Error(`PINCEX_REQUIRE_DATA=1, and ${reason}`);
  }
  process.stderr.write(`SKIPPED: ${reason}\n`);
  return { file: undefined, titled: (title) => `${title} – SKIPPED: ${reason}` };
};

/** The text of such a recording. */
export const textOfXz = (file: string): string =>
  execFileSync(XZ, ["--decompress", "--stdout", file], {
    encoding: "latin1",
    maxBuffer: 256 * 1024 * 1024,
  });
