import { publishedNodeLibrary } from "../../tsup.base.ts";

export default publishedNodeLibrary({
  entry: {
    index: "src/index.ts",
    "views/index": "src/views/index.ts",
    "projection/index": "src/projection/index.ts",
    "verification/index": "src/verification/index.ts",
    "bus/index": "src/bus/index.ts",
    "redis/index": "src/redis/index.ts",
    "node/index": "src/node/index.ts",
    "postgres/index": "src/postgres/index.ts",
    "journal/journal-conformance": "src/journal/journal-conformance.ts",
  },
});
