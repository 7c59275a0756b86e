import { publishedLibrary } from "../../tsup.base.ts";

export default publishedLibrary({
  entry: {
    index: "src/index.ts",
    decimal: "src/decimal.ts",
  },
  esbuildOptions(options) {
    // Places in records are constants with names. Bundling makes variables of them, which V8 reads again at every use;
    // this writes the numbers instead.
    options.minifySyntax = true;
  },
});
