import { describe, expect, test } from "vitest";
import { onPostgres } from "../testing/identity-databases.ts";
import { fiftyTimes } from "../testing/test-identity.ts";
import { confirmAddress } from "./add-address.ts";
import { describeAddressBook, withAddressBook } from "./testing/address-book-suite.ts";

await onPostgres((fresh) => {
  describeAddressBook("PostgreSQL", fresh);

  describe("fifty times at once", () => {
    test("an address is confirmed once by one token (#8067)", async () => {
      const { context, add, token } = await withAddressBook(fresh);
      await add();
      const sent = await token();
      const results = await fiftyTimes(() => confirmAddress(context, sent));
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    });

    test("an address gets into the book once", async () => {
      const { tryAdd } = await withAddressBook(fresh);
      const entry = {
        network: "bitcoin",
        address: "bc1qalice",
        memo: "",
        label: "cold",
        beneficiary: { kind: "self" },
      } as const;
      const results = await fiftyTimes(() => tryAdd(entry));
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    });
  });
});
