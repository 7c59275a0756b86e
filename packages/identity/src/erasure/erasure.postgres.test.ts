import { onPostgres } from "../testing/identity-databases.ts";
import { describeErasure } from "./testing/erasure-suite.ts";

await onPostgres((fresh) => describeErasure("PostgreSQL", fresh));
