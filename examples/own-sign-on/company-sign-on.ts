// Stands for the sign-on that a company has already: a provider of OpenID Connect on this machine.
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";

export const CLIENT = {
  id: "venue",
  secret: "the venue's own, known to it and to the provider",
} as const;

/** A provider that takes whoever comes at their word. */
export const openCompanySignOn = async (
  redirectUri: string,
): Promise<{ issuer: string; server: Server }> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ["of this example"] },
    // Seconds. Left out, each would be printed as a notice.
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  return { issuer, server: server.on("request", provider.callback()) };
};
