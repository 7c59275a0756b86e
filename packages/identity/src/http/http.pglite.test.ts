import { onEmptiedPglite } from "../testing/identity-databases.ts";
import { describeHttp } from "./testing/http-suite.ts";

onEmptiedPglite((fresh) => describeHttp("PGlite", fresh));
