import { exchangeAddress } from "../exchange-address.ts";
import type { ApiKey } from "./api-key.ts";
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

/** A key of a demo account, for as long as the exchange runs. */
export const openDemoSession = async (name: string): Promise<Answer<ApiKey>> => {
  try {
    const url = exchangeAddress("demo/sessions");
    url.searchParams.set("account", name);
    const response = await fetch(url, { method: "POST" });
    const json: unknown = await response.json();
    if (!response.ok) return { ok: false, problem: json as Problem };
    return { ok: true, json: { ...(json as Omit<ApiKey, "isSession">), isSession: true } };
  } catch {
    return { ok: false, problem: unreachable };
  }
};
