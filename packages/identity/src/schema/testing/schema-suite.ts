import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { identityDatabase } from "../../identity-database.ts";
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

    test("what the host and we write in the host's transaction is committed together or not at all", async () => {
      const db = await fresh();
      const schema = `host_${process.pid}`;
      await migrate(db, { schema });
      const written = (fails: boolean) =>
        db.transaction().execute(async (tx) => {
          const ours = identityDatabase(tx, { schema });
          expect(ours.isTransaction).toBe(true);
          const user = { id: "usr_1", status: "active", created_at: timestampOf(0) } as const;
          await ours.insertInto("identity_user").values(user).execute();
          if (fails) throw new Error("the host changed its mind");
        });
      await expect(written(true)).rejects.toThrow("changed its mind");
      await written(false);
      const users = identityDatabase(db, { schema }).selectFrom("identity_user").select("id");
      expect(await users.execute()).toEqual([{ id: "usr_1" }]);
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
