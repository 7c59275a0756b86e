/** The name of the state machine's section in a snapshot. */
export const CORE_SECTION = "core";
/** Which commands had been skipped, if any had. A section and not a field: older snapshots are read as before. */
export const SKIPPED_SECTION = "skipped";
