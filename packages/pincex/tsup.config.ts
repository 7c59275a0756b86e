import { publishedNodeLibrary } from "../../tsup.base.ts";

export default publishedNodeLibrary({
  entry: {
    index: "src/index.ts",
    main: "src/main.ts",
    // Found beside the others by its name: Node starts a worker from a file.
    "venue-worker": "src/exchange/venue-worker.ts",
    "embedded-database-worker": "src/exchange/embedded-database-worker.js",
  },
});
