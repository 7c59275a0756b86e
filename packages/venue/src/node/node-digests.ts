import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Digests } from "../journal/digests.ts";

/** The same checks as the portable ones, by Node's own code: some twenty times as fast. */
export const nodeDigests: Digests = {
  crc32,
  sha256: (bytes) => hash("sha256", bytes, "buffer"),
};
