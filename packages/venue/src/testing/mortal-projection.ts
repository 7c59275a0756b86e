import type { Projection } from "../projection/projection.ts";

/** A connection to a projection that ends with its process: what it had not sent by then is never sent. */
export interface MortalProjection extends Projection {
  die(): void;
}

export const mortalProjection = (projection: Projection): MortalProjection => {
  let dead = false;
  const whileAlive = <T>(ask: () => Promise<T>): Promise<T> =>
    dead ? new Promise(() => undefined) : ask();
  return {
    name: projection.name,
    position: () => whileAlive(() => projection.position()),
    apply: (events, first, last) => whileAlive(() => projection.apply(events, first, last)),
    die: () => {
      dead = true;
    },
  };
};
