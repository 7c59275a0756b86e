// Every host has this one, and the ledger knows nothing else of hosts.
declare const setTimeout: (resume: () => void, milliseconds: number) => unknown;

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resume) => {
    setTimeout(resume, milliseconds);
  });
