import { exchangeAddress } from "../exchange-address.ts";
import { type Answer, type Problem, unreachable } from "./problem.ts";

/** The demo accounts that may be signed in to from here; none where the exchange has none, or is elsewhere. */
export const fetchDemoAccounts = async (): Promise<readonly string[]> => {
  try {
    const response = await fetch(exchangeAddress("demo/accounts"));
    if (!response.ok) return [];
    const { accounts } = (await response.json()) as { accounts: readonly { name: string }[] };
    return accounts.map(({ name }) => name);
  } catch {
    return [];
  }
};

/** Signs in as a demo account: the session is a cookie, as of all accounts. */
export const signInAsDemo = async (name: string): Promise<Answer<unknown>> => {
  try {
    const url = exchangeAddress("demo/sessions");
    url.searchParams.set("account", name);
    const response = await fetch(url, { method: "POST" });
    const json: unknown = await response.json();
    return response.ok ? { ok: true, json } : { ok: false, problem: json as Problem };
  } catch {
    return { ok: false, problem: unreachable };
  }
};
