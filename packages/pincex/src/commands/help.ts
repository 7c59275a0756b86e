export const HELP = `Pincex: a crypto exchange in one command.

Usage: pincex COMMAND

  serve         Starts an exchange with simulated traders on http://localhost:8080
  replay FILE   Replays recorded order flow (LOBSTER messages, .csv or .csv.gz) through the matching engine,
                with --venue through a whole venue
  verify        Looks at all that an exchange has kept, and names what doesn't follow from its journal
  skip N REASON Lets every start pass over command N, at which it stops
  --help        Shows this
  --version     Shows the version

What serve, verify and skip read from the environment:

  PORT                 where serve listens; 8080 unless told otherwise
  PINCEX_ORIGIN        where its pages live (https://exchange.example), several by commas; http://localhost:PORT unless told
                       otherwise
  PINCEX_DATA_DIR      where it keeps its data; .pincex unless told otherwise
  DATABASE_URL         a PostgreSQL for the SQL copy of the books (postgres://…); an embedded one unless told otherwise
  PINCEX_JOURNAL       where the journal is: file, in the data folder, or postgres, in DATABASE_URL
  PINCEX_ARCHIVE_DIR   where old files of the journal go; journal/archive in the data folder unless told otherwise
  REDIS_URL            a Redis that joins serve with other processes (redis://…); none unless told otherwise
  PINCEX_VENUE_THREAD  own: journal and matching of serve have a thread of their own; main unless told otherwise
`;

const COMMANDS: readonly string[] = ["serve", "replay", "verify", "skip"];

/** What to say about a command that does not exist: the nearest one that does, if there is one. */
export const unknownCommandText = (command: string): string => {
  const nearest = COMMANDS.find((known) => editsBetween(command, known) <= 2);
  const hint = nearest === undefined ? "" : ` Did you mean "pincex ${nearest}"?`;
  return `There is no command "${command}".${hint}\nThere are: ${COMMANDS.join(", ")}. "pincex --help" tells more.\n`;
};

/** Levenshtein's distance: how many letters to add, take away or change. */
const editsBetween = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of [...other].entries()) {
      const changed = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
};
