import {
  JournalDamaged,
  JournalDead,
  JournalHeadMoved,
  JournalLocked,
} from "../journal/journal-errors.ts";
import {
  OutcomeUnknown,
  StartRefused,
  VenueOverloaded,
  VenueStopped,
} from "../sequencer/venue-errors.ts";

/** An error as another thread is told of it: a copy that a thread gets by itself has lost its class and its code. */
export interface ToldError {
  readonly class: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Its own fields, such as `code`: those that are texts, numbers or truth values. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause: ToldError | undefined;
}

const CLASSES = [
  RangeError,
  TypeError,
  JournalDamaged,
  JournalDead,
  JournalHeadMoved,
  JournalLocked,
  OutcomeUnknown,
  StartRefused,
  VenueOverloaded,
  VenueStopped,
] as const;
const PROTOTYPES = new Map<string, object>(CLASSES.map(({ name, prototype }) => [name, prototype]));

const CAUSES_TOLD = 8;

export const toldError = (error: unknown, depth = 0): ToldError => {
  if (!(error instanceof Error)) {
    return {
      class: "Error",
      message: String(error),
      stack: undefined,
      fields: {},
      cause: undefined,
    };
  }
  const fields = Object.entries(error).filter(([, value]) =>
    ["string", "number", "boolean"].includes(typeof value),
  );
  const hasCause = error.cause !== undefined && depth < CAUSES_TOLD;
  return {
    class: error.constructor.name,
    message: error.message,
    stack: error.stack,
    fields: Object.fromEntries(fields),
    cause: hasCause ? toldError(error.cause, depth + 1) : undefined,
  };
};

/** The error of which one was told; of its own class if that is the venue's or the language's. */
export const errorOf = (told: ToldError): Error => {
  const cause = told.cause && { cause: errorOf(told.cause) };
  const error = new Error(told.message, cause);
  const prototype = PROTOTYPES.get(told.class);
  if (prototype !== undefined) Object.setPrototypeOf(error, prototype);
  if (told.stack !== undefined) error.stack = told.stack;
  return Object.assign(error, told.fields);
};
