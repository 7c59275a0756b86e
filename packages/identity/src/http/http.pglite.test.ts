import { onEmptiedPglite } from "../testing/identity-databases.ts";
import { describeHttp } from "./testing/http-suite.ts";
import { describeOwnRoutes } from "./testing/own-routes-suite.ts";
import { describeStaff } from "./testing/staff-suite.ts";

onEmptiedPglite((fresh) => {
  describeHttp("PGlite", fresh);
  describeOwnRoutes("PGlite", fresh);
  describeStaff("PGlite", fresh);
});
