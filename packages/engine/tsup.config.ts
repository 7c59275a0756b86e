import { publishedLibrary } from "../../tsup.base.ts";

export default publishedLibrary({
  entry: {
    index: "src/index.ts",
    decimal: "src/decimal.ts",
  },
});
