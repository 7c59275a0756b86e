import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Workload as Messages } from "../../packages/engine/src/testing/survey/workload.ts";
import {
  findWorkloads,
  type StoredWorkload,
} from "../../packages/engine/src/testing/survey/workload-folder.ts";

const data = process.env["PINCEX_DATA"] ?? join(import.meta.dirname, "../../../shared/data");
const folder = join(data, "flash1-meb");

/** The recorded workload of the public survey, which is no part of the repository; undefined where it is absent. */
export const storedSurvey = (): StoredWorkload | undefined =>
  existsSync(folder) ? findWorkloads(folder).find(({ name }) => name === "normal") : undefined;

/** Its messages. Where they are absent it says so, or throws if PINCEX_REQUIRE_DATA=1. */
export const surveyMessages = (): Messages | undefined => {
  const stored = storedSurvey();
  if (stored !== undefined) return stored.read();
  const absence = `the survey's workload is not in ${folder}; PINCEX_DATA names another place`;
  if (process.env["PINCEX_REQUIRE_DATA"] === "1") throw new Error(absence);
  process.stderr.write(`SKIPPED: ${absence}\n`);
  return undefined;
};
