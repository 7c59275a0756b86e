#!/usr/bin/env node
// Committed, not built: npm links a command at install time only if its file exists by then.
import("../dist/main.js");
