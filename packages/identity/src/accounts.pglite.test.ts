import { describeSignIn } from "./sign-in/testing/sign-in-suite.ts";
import { onPglite } from "./testing/identity-databases.ts";
import { describeThrottle } from "./throttling/testing/throttle-suite.ts";
import { describeRegistration } from "./users/testing/registration-suite.ts";

onPglite((fresh) => {
  describeThrottle("PGlite", fresh);
  describeRegistration("PGlite", fresh);
  describeSignIn("PGlite", fresh);
});
