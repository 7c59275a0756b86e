import { describeAddressBook } from "./address-book/testing/address-book-suite.ts";
import { describeApiKeys } from "./api-keys/testing/api-key-suite.ts";
import { describeAudit } from "./audit/testing/audit-suite.ts";
import { describeErasure } from "./erasure/testing/erasure-suite.ts";
import { describeEnvelope } from "./keys/testing/envelope-suite.ts";
import { describeOutbox } from "./outbox/testing/outbox-suite.ts";
import { describeRoles } from "./roles/testing/role-suite.ts";
import { describeSchema } from "./schema/testing/schema-suite.ts";
import { describeSecurityHolds } from "./security-holds/testing/security-hold-suite.ts";
import { describeStepUp } from "./step-up/testing/step-up-suite.ts";
import { onEmptiedPglite } from "./testing/identity-databases.ts";

onEmptiedPglite((fresh) => {
  describeSchema("PGlite", fresh);
  describeEnvelope("PGlite", fresh);
  describeAudit("PGlite", fresh);
  describeOutbox("PGlite", fresh);
  describeSecurityHolds("PGlite", fresh);
  describeStepUp("PGlite", fresh);
  describeRoles("PGlite", fresh);
  describeApiKeys("PGlite", fresh);
  describeAddressBook("PGlite", fresh);
  describeErasure("PGlite", fresh);
});
