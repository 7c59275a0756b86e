/** A law of the venue does not hold in a simulated world. */
export class LawBroken extends Error {
  override readonly name = "LawBroken";
  readonly law: string;

  constructor(law: string, finding: string, cause?: unknown) {
    super(`${law}: ${finding}`, { cause });
    this.law = law;
  }
}

export const hold = (law: string, isSo: boolean, finding: () => string): void => {
  if (!isSo) throw new LawBroken(law, finding());
};
