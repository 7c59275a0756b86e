/** Runs a task after everything that is already waiting to run. */
export const nextTurn: (task: () => void) => void =
  typeof setImmediate === "function"
    ? (task) => void setImmediate(task)
    : (task) => void setTimeout(task, 0);
