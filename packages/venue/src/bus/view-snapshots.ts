/** What views held after one of the venue's commands. */
export interface ViewSnapshot {
  /** Sequence number of the last command that is in it. */
  readonly sequence: number;
  /** What each view wrote, by its name. */
  readonly sections: ReadonlyMap<string, Uint8Array>;
}

/** Where a process gets views from that can't follow the venue from its first command on. */
export interface ViewSnapshots {
  /** A snapshot with the command `atLeast` in it: one that is there already, or a new one. */
  take(atLeast: number): Promise<ViewSnapshot>;
}
