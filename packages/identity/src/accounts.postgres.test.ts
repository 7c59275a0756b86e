import { describePersonErasure } from "./erasure/testing/person-erasure-suite.ts";
import { describeFactors } from "./factors/testing/factor-suite.ts";
import { describeStepUpFactors } from "./factors/testing/step-up-factors-suite.ts";
import { describeSessions } from "./sessions/testing/session-suite.ts";
import { describeSignIn } from "./sign-in/testing/sign-in-suite.ts";
import { describeTiming } from "./sign-in/testing/timing-suite.ts";
import { onPostgres } from "./testing/identity-databases.ts";
import { describeThrottle } from "./throttling/testing/throttle-suite.ts";
import { describeRegistration } from "./users/testing/registration-suite.ts";
import { describeUsers } from "./users/testing/user-suite.ts";

await onPostgres((fresh) => {
  describeThrottle("PostgreSQL", fresh);
  describeRegistration("PostgreSQL", fresh);
  describeSignIn("PostgreSQL", fresh);
  describeTiming("PostgreSQL", fresh);
  describeFactors("PostgreSQL", fresh);
  describeStepUpFactors("PostgreSQL", fresh);
  describeSessions("PostgreSQL", fresh);
  describeUsers("PostgreSQL", fresh);
  describePersonErasure("PostgreSQL", fresh);
});
