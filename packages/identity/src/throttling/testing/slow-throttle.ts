import type { ThrottleRule } from "../throttle.ts";

/** The rule of throttling in plain steps, on a list of the attempts that were taken: what the one SQL statement is compared with. */
export class SlowThrottle {
  readonly #rule: ThrottleRule;
  #taken: number[] = [];
  #closedUntil = Number.NEGATIVE_INFINITY;

  constructor(rule: ThrottleRule) {
    this.#rule = rule;
  }

  charge(now: number): "taken" | "attempts_throttled" | "attempts_exhausted" {
    const newest = this.#taken.at(-1);
    const forgotten = newest !== undefined && now - newest >= this.#rule.forgottenAfterMs;
    const failures = forgotten ? 0 : this.#taken.length;
    if (this.#taken.length >= this.#rule.most && !forgotten) return "attempts_exhausted";
    if (now < this.#closedUntil) return this.#closed();
    if (failures === 0) this.#taken = [];
    this.#taken.push(now);
    let wait = this.#taken.length < this.#rule.free ? 0 : this.#rule.firstWaitMs;
    for (let more = this.#rule.free; more < this.#taken.length; more++) wait *= 2;
    this.#closedUntil = now + Math.min(wait, this.#rule.longestWaitMs);
    return "taken";
  }

  giveBack(now: number): void {
    this.#taken.splice(0, 1);
    if (this.#taken.length < this.#rule.free) this.#closedUntil = now;
  }

  clear(): void {
    this.#taken = [];
    this.#closedUntil = Number.NEGATIVE_INFINITY;
  }

  #closed(): "attempts_throttled" | "attempts_exhausted" {
    return this.#taken.length >= this.#rule.most ? "attempts_exhausted" : "attempts_throttled";
  }
}
