#!/usr/bin/env node
import { existsSync } from "node:fs";

// Committed, not built: npm links a command at install time only if its file exists by then.
if (existsSync(new URL("../dist/main.js", import.meta.url))) import("../dist/main.js");
else {
  process.stderr.write("This clone is not built yet: npm run build comes first.\n");
  process.exitCode = 1;
}
