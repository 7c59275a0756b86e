// Node 20 gives a worker no loader of TypeScript, not even that of its parent: this one brings its own.
import { register } from "tsx/esm/api";

register();
await import("../exchange/venue-worker.ts");
