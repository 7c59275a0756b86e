import { publishedNodeLibrary } from "../../tsup.base.ts";

export default publishedNodeLibrary({
  entry: {
    "index": "src/index.ts",
    "main": "src/main.ts",
  },
});
