import type { OrderView } from "@pincex/venue/views";
import type { AccountCall } from "./native-services.ts";
import { orderUnknown, Problem } from "./problem.ts";

const CLIENT_PREFIX = "client:";

/** The order that a name means: the venue's id, or `client:` and the account's own. */
export const orderNamed = ({ views, principal }: AccountCall, name: string): OrderView => {
  const order = name.startsWith(CLIENT_PREFIX)
    ? views.order(principal.account, { clientOrderId: name.slice(CLIENT_PREFIX.length) })
    : views.order(principal.account, { orderId: idIn(name) });
  if (order === undefined) throw orderUnknown();
  return order;
};

/** The id in a text, or the `Problem` that it is none. */
export const idIn = (text: string): number => {
  if (/^[1-9][0-9]{0,15}$/.test(text)) return Number(text);
  throw new Problem(
    400,
    "field_invalid",
    "id",
    "An id such as 42, or client: and the client order id.",
  );
};
