/** The port to a list of passwords that have leaked. Throws where the list can't be reached. */
export interface BreachedPasswords {
  has(password: string): Promise<boolean>;
}
