import { describePersonErasure } from "./erasure/testing/person-erasure-suite.ts";
import { describeFactors } from "./factors/testing/factor-suite.ts";
import { describeStepUpFactors } from "./factors/testing/step-up-factors-suite.ts";
import { describeSessions } from "./sessions/testing/session-suite.ts";
import { describeSignIn } from "./sign-in/testing/sign-in-suite.ts";
import { describeTiming } from "./sign-in/testing/timing-suite.ts";
import { onEmptiedPglite } from "./testing/identity-databases.ts";
import { describeThrottle } from "./throttling/testing/throttle-suite.ts";
import { describeRegistration } from "./users/testing/registration-suite.ts";
import { describeUsers } from "./users/testing/user-suite.ts";

onEmptiedPglite((fresh) => {
  describeThrottle("PGlite", fresh);
  describeRegistration("PGlite", fresh);
  describeSignIn("PGlite", fresh);
  describeTiming("PGlite", fresh);
  describeFactors("PGlite", fresh);
  describeStepUpFactors("PGlite", fresh);
  describeSessions("PGlite", fresh);
  describeUsers("PGlite", fresh);
  describePersonErasure("PGlite", fresh);
});
