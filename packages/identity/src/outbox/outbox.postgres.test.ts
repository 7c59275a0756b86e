import { describeSecurityHolds } from "../security-holds/testing/security-hold-suite.ts";
import { onPostgres } from "../testing/identity-databases.ts";
import { describeOutbox } from "./testing/outbox-suite.ts";

await onPostgres((fresh) => {
  describeOutbox("PostgreSQL", fresh);
  describeSecurityHolds("PostgreSQL", fresh);
});
