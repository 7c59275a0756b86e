import { publishedLibrary } from "../../tsup.base.ts";

export default publishedLibrary({
  entry: {
    index: "src/index.ts",
    "proofs/index": "src/proofs/index.ts",
    "export/index": "src/export/index.ts",
    "reconciliation/index": "src/reconciliation/index.ts",
    "sql/index": "src/sql/index.ts",
  },
});
