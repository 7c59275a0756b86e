import { publishedLibrary } from "../../tsup.base.ts";

export default publishedLibrary({
  entry: {
    index: "src/index.ts",
    "sql/index": "src/sql/index.ts",
  },
});
