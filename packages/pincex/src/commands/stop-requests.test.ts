import { expect, test } from "vitest";
import { firstStopRequest } from "./stop-requests.ts";

test("the first request stops, its echo is not heard, and a second one forces", async () => {
  let request = (): void => {};
  let clock = 5_000;
  let forced = 0;
  const stopped = firstStopRequest({
    onStopRequest: (listener) => {
      request = listener;
    },
    now: () => clock,
    force: () => {
      forced += 1;
    },
  });
  request();
  await stopped;
  clock += 100;
  request();
  expect(forced).toBe(0);
  clock += 1_000;
  request();
  expect(forced).toBe(1);
});
