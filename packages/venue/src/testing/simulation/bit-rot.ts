import type { SimulatedFile } from "./simulated-file.ts";
import type { Surroundings } from "./surroundings.ts";

interface TurnedBit {
  readonly name: string;
  readonly file: SimulatedFile;
  readonly position: number;
  readonly bit: number;
  /** What the byte is with it. */
  readonly turned: number;
}

/** Turns over one bit of a file that was safely kept, until somebody restores the file. One at a time. */
export class BitRot {
  readonly #world: Surroundings;
  readonly #directories: readonly string[];
  #bit: TurnedBit | undefined;

  constructor(world: Surroundings, directories: readonly string[]) {
    this.#world = world;
    this.#directories = directories;
  }

  get isThere(): boolean {
    return this.#bit !== undefined;
  }

  /** False if there was nothing to spoil. */
  strike(): boolean {
    if (this.isThere) return false;
    const { dice, machine } = this.#world;
    const paths = this.#directories.flatMap((directory) =>
      machine.disk.filesIn(directory).map((name) => `${directory}/${name}`),
    );
    const whole = paths.filter((path) => /\/\d{16}\.\w+$/.test(path));
    if (whole.length === 0) return false;
    const name = dice.pick(whole);
    const file = machine.disk.file(name);
    if (file === undefined || file.size === 0) return false;
    const position = dice.below(file.size);
    const bit = dice.below(8);
    file.flip(position, bit);
    this.#bit = { name, file, position, bit, turned: file.byteAt(position) };
    this.#world.say(`bit ${bit} of byte ${position} of ${name} turns over while nothing runs`);
    return true;
  }

  /** Restores the file, unless it was written over since. */
  mend(): void {
    if (this.#bit === undefined) return;
    const { bit, file, name, position, turned } = this.#bit;
    if (file.byteAt(position) === turned) file.flip(position, bit);
    this.#world.say(`${name} is restored`);
    this.#bit = undefined;
  }
}
