import { expect, test } from "vitest";
import { depthChart } from "./depth-chart.ts";

test("each step of a depth chart has all better levels in it", () => {
  const chart = depthChart({
    updateId: 1,
    bids: [
      [99, 4],
      [98, 1],
    ],
    asks: [[2 ** 31 - 1, 2 ** 22]],
  });
  expect(chart).toEqual({
    bids: [
      { price: 99, quantity: 4, notional: 396n },
      { price: 98, quantity: 5, notional: 494n },
    ],
    asks: [{ price: 2 ** 31 - 1, quantity: 2 ** 22, notional: (2n ** 31n - 1n) * 2n ** 22n }],
  });
});
