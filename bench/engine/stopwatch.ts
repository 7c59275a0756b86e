/**
 * Seconds that a piece of work took: by the wall clock, or by the processor's if that is less, because then others were
 * using the machine.
 */
export const secondsOf = (work: () => void): number => {
  const cpu = process.cpuUsage();
  const began = performance.now();
  work();
  const wall = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return Math.min(wall, (user + system) / 1_000_000);
};
