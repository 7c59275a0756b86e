import { render } from "preact";
import type { Account } from "./account/account.ts";
import { AccountPanel } from "./account/account-panel.tsx";
import { AccountMenu, SignInDialog } from "./account/sign-in.tsx";
import { element } from "./element.ts";
import type { OrderDesk } from "./order-entry/order-desk.ts";
import { OrderForm } from "./order-entry/order-form.tsx";
import { OrderPlacement } from "./order-entry/order-placement.ts";

/** Puts what an account trades with into the page: the sign-in, the order form, and what it has. */
export const mountTrading = (desk: OrderDesk, account: Account): void => {
  const placement = new OrderPlacement(desk, account);
  const dialog = new SignInDialog();
  const signIn = (): void => {
    dialog.isOpen = true;
  };
  render(<AccountMenu account={account} dialog={dialog} />, element("account-menu"));
  render(
    <OrderForm desk={desk} account={account} placement={placement} onSignIn={signIn} />,
    element("order-entry"),
  );
  render(<AccountPanel account={account} onSignIn={signIn} />, element("account-panel"));
};
