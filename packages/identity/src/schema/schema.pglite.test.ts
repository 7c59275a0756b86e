import { onPglite } from "../testing/identity-databases.ts";
import { describeSchema } from "./testing/schema-suite.ts";

onPglite((fresh) => describeSchema("PGlite", fresh));
