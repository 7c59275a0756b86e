import { onPostgres } from "../testing/identity-databases.ts";
import { describeEnvelope } from "./testing/envelope-suite.ts";

await onPostgres((fresh) => describeEnvelope("PostgreSQL", fresh));
