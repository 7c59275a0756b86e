import { onPglite } from "../testing/identity-databases.ts";
import { describeHttp } from "./testing/http-suite.ts";

onPglite((fresh) => describeHttp("PGlite", fresh));
