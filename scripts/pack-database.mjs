// Puts an empty database into the package `pincex`, as a part of its build.
import { packDatabase } from "../packages/pincex/src/exchange/empty-database.js";

await packDatabase();
