import { type Machine, nodeMachine } from "../node/machine.ts";

/** A machine whose disk says that it has what it was given, without having been asked: what a test of power cuts must notice. */
export const lyingMachine: Machine = {
  ...nodeMachine,
  disk: {
    ...nodeMachine.disk,
    open: async (path, mode) => {
      const file = await nodeMachine.disk.open(path, mode);
      const says = async (): Promise<void> => undefined;
      return Object.assign(file, { datasync: says, sync: says });
    },
    syncDirectory: async () => undefined,
  },
};
