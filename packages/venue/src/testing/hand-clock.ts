import { turns } from "./controlled-journal.ts";

/** A clock and its timer, both moved by hand. */
export class HandClock {
  now = 1_000;
  readonly set: { readonly at: number; readonly ring: () => void }[] = [];

  readonly clock = (): number => this.now;

  readonly timer = (ring: () => void, milliseconds: number): (() => void) => {
    const alarm = { at: this.now + milliseconds, ring };
    this.set.push(alarm);
    return () => void this.set.splice(this.set.indexOf(alarm), 1);
  };

  /** Lets time pass, and what is set for it ring. */
  async pass(milliseconds: number): Promise<void> {
    this.now += milliseconds;
    for (const alarm of this.set.filter(({ at }) => at <= this.now)) {
      this.set.splice(this.set.indexOf(alarm), 1);
      alarm.ring();
    }
    await turns(5);
  }
}
