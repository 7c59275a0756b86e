import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { migrate } from "../migrate.ts";
import { millisecondsOf, timestampOf } from "../time-column.ts";

/** What the schema promises on every database. */
export const describeSchema = (name: string, fresh: FreshDatabase): void => {
  describe(`the identity schema on ${name}`, () => {
    test("a second migration finds everything done, also beside another one", async () => {
      const db = await fresh();
      const schema = `again_${process.pid}`;
      const both = await Promise.all([migrate(db, { schema }), migrate(db, { schema })]);
      expect(both.flat().filter((version) => version === 1)).toEqual([1]);
      expect(await migrate(db, { schema })).toEqual([]);
    });

    test("a database that a newer release has migrated is refused", async () => {
      const db = await fresh();
      const schema = `newer_${process.pid}`;
      await migrate(db, { schema });
      await sql`insert into ${sql.table(`${schema}.identity_migration`)} values (999, 'later')`.execute(
        db,
      );
      await expect(migrate(db, { schema })).rejects.toThrow(RangeError);
    });

    test("a time is read back as it was written, to the millisecond", async () => {
      const db = await fresh();
      const createdAt = 1_795_612_345_678;
      await db
        .insertInto("identity_user")
        .values({ id: "usr_1", status: "active", created_at: timestampOf(createdAt) })
        .execute();
      const row = await db
        .selectFrom("identity_user")
        .select(millisecondsOf("created_at").as("createdAt"))
        .executeTakeFirstOrThrow();
      expect(row.createdAt).toBe(createdAt);
    });
  });
};
