import { Changing } from "../changes.ts";
import type { FactorKind } from "./factor.ts";

/** Asks whoever sits there to prove again that it is they, before something that only they may do. */
export class Reauthentication extends Changing {
  #factors: readonly FactorKind[] | undefined;
  #answers: ((isProven: boolean) => void)[] = [];

  /** The factors that the account has; undefined while nobody is asked. */
  get factors(): readonly FactorKind[] | undefined {
    return this.#factors;
  }

  /** Whether they have proved it; false if they would rather not. */
  ask(factors: readonly FactorKind[]): Promise<boolean> {
    this.#factors = factors;
    this.changed();
    return new Promise((resolve) => {
      this.#answers.push(resolve);
    });
  }

  finish(isProven: boolean): void {
    const answers = this.#answers;
    this.#answers = [];
    this.#factors = undefined;
    this.changed();
    for (const answer of answers) answer(isProven);
  }
}
