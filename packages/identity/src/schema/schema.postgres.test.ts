import { onPostgres } from "../testing/identity-databases.ts";
import { describeSchema } from "./testing/schema-suite.ts";

await onPostgres((fresh) => describeSchema("PostgreSQL", fresh));
