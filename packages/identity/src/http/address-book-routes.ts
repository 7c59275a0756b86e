import { z } from "zod";
import { addAddress, confirmAddress } from "../address-book/add-address.ts";
import {
  type AddressBookContext,
  type AddressEntry,
  addressAddition,
} from "../address-book/address-entry.ts";
import { listAddresses, removeAddress } from "../address-book/change-address.ts";
import { passkeyForOperation, stepUpFactors } from "../factors/step-up-factors.ts";
import { elevate } from "../step-up/step-up.ts";
import { answered } from "./answer.ts";
import { factorSchema } from "./factor-schema.ts";
import { deleteSignedIn, getSignedIn, post, postSignedIn, type Route } from "./route.ts";
import { token } from "./schemas.ts";

/** Who knows addresses, and how long a new one cools off. */
export type AddressBookPorts = Pick<AddressBookContext, "addresses" | "coolingOff">;

const text = z.string().max(1_000);

// What the rules of an entry are, they say themselves.
const entry = {
  network: text,
  address: text,
  memo: text.default(""),
  label: text,
  beneficiary: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("self") }),
    z.strictObject({ kind: z.literal("other"), name: text, provider: text.optional() }),
  ]),
};

/**
 * The withdrawal address book, for the routes of `createIdentityHandler`.
 *
 * @example
 * createIdentityHandler(context, { routes: addressBookRoutes({ addresses }) });
 */
export const addressBookRoutes = (ports: AddressBookPorts): readonly Route[] => [
  getSignedIn("addresses", async ({ context, session }) =>
    answered({ addresses: await listAddresses({ ...context, ...ports }, session.user) }),
  ),
  postSignedIn("addresses/passkey", z.strictObject(entry), async ({ context, session, body }) => {
    const answer = await passkeyForOperation(context, session, addressAddition(body));
    return answer.ok ? answered({ options: answer.options }) : answer;
  }),
  postSignedIn("addresses", z.strictObject({ ...entry, factor: factorSchema }), async (call) => {
    const { context, client, session, body } = call;
    const { factor, ...rest } = body;
    const added: AddressEntry = rest;
    const factors = stepUpFactors(context, session, { factor, client });
    const operation = addressAddition(added);
    const confirmed = await elevate(context, { session, operation, factors });
    if (!confirmed.ok) return confirmed;
    const { elevation } = confirmed;
    const answer = await addAddress({ ...context, ...ports }, { session, elevation, entry: added });
    return answer.ok ? answered({ id: answer.id }, { status: 201 }) : answer;
  }),
  // Whoever has the e-mail may read it on another device than the one that is signed in.
  post("addresses/confirm", z.strictObject({ token }), async ({ context, body }) => {
    const answer = await confirmAddress({ ...context, ...ports }, body.token);
    return answer.ok ? answered({ id: answer.id, coolingUntil: answer.coolingUntil }) : answer;
  }),
  deleteSignedIn("addresses/:id", async ({ context, session, id }) => {
    const { user } = session;
    const answer = await removeAddress({ ...context, ...ports }, { actor: user, user, id });
    return answer.ok ? answered() : answer;
  }),
];
