import { describeFactors } from "./factors/testing/factor-suite.ts";
import { describeSessions } from "./sessions/testing/session-suite.ts";
import { describeSignIn } from "./sign-in/testing/sign-in-suite.ts";
import { onEmptiedPglite } from "./testing/identity-databases.ts";
import { describeThrottle } from "./throttling/testing/throttle-suite.ts";
import { describeRegistration } from "./users/testing/registration-suite.ts";
import { describeUsers } from "./users/testing/user-suite.ts";

onEmptiedPglite((fresh) => {
  describeThrottle("PGlite", fresh);
  describeRegistration("PGlite", fresh);
  describeSignIn("PGlite", fresh);
  describeFactors("PGlite", fresh);
  describeSessions("PGlite", fresh);
  describeUsers("PGlite", fresh);
});
