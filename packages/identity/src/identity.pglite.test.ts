import { describeEnvelope } from "./keys/testing/envelope-suite.ts";
import { describeSchema } from "./schema/testing/schema-suite.ts";
import { onPglite } from "./testing/identity-databases.ts";

onPglite((fresh) => {
  describeSchema("PGlite", fresh);
  describeEnvelope("PGlite", fresh);
});
