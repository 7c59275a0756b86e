import { randomBytes } from "node:crypto";
import {
  type Authenticator,
  type Credentials,
  firstAuthenticator,
  type Principal,
  SessionKeys,
} from "@pincex/gateway";
import {
  type AccountContext,
  type ApiKeyVerifier,
  accountContacts,
  apiKeyAuthenticator,
  apiKeyVerifier,
  auditTrail,
  DEFAULT_ACCOUNT_SETTINGS,
  finishErasures,
  forgetExpired,
  forgetThrottles,
  livingSessions,
  localKeyFile,
  openPersonalData,
  PasswordHasher,
  relayOutbox,
  signInWithPassword,
} from "@pincex/identity";
import {
  createIdentityHandler,
  type IdentityHandler,
  type IdentityRequest,
  type IdentityResponse,
  refusedAnswer,
  sessionCookies,
} from "@pincex/identity/http";
import type { DemoKey } from "../exchange/demo-keys.ts";
import { CustomerAccounts, type CustomerAccountsParts } from "./customer-accounts.ts";
import { demoEmail, openDemoUser } from "./demo-users.ts";
import { openIdentityDatabase } from "./identity-database.ts";
import { type Mail, Mailbox } from "./mailbox.ts";
import { relyingPartyOf } from "./page-origins.ts";
import { sessionKeyRoute } from "./session-key-route.ts";

export interface ExchangeIdentityOptions extends CustomerAccountsParts {
  /** Of the embedded database. */
  readonly directory: string;
  /** Of the key that wraps all others. */
  readonly keyFile: string;
  readonly databaseUrl: string | undefined;
  readonly clock: () => number;
  readonly demoKeys: readonly DemoKey[];
  /** Where the pages live; at this machine's own name and the port that is listened at unless told. */
  readonly origins: readonly string[] | undefined;
  readonly onMail?: ((mail: Mail) => void) | undefined;
  /** Hears of what went wrong although the exchange goes on. */
  readonly onError: (error: unknown) => void;
}

/** How often what others changed is looked for, and what waits is sent. */
const LOOK_EVERY_MS = 15_000;

const CLEAN_EVERY_MS = 3_600_000;

/** A key that its owner has revoked here ends at once; those revoked elsewhere within seconds. */
const forgetRevoked = (verifier: ApiKeyVerifier, { method, path }: IdentityRequest): void => {
  const [, apiKey] = /^\/identity\/api-keys\/([^/?]+)/.exec(path) ?? [];
  if (method === "DELETE" && apiKey !== undefined) verifier.forget(decodeURIComponent(apiKey));
};

interface OpenedIdentity {
  readonly context: AccountContext;
  readonly handler: IdentityHandler;
  readonly verifier: ApiKeyVerifier;
}

/**
 * The users of an exchange: `@pincex/identity` on a database of its own, joined to the venue's accounts and to the gateway's port.
 *
 * It is opened when it is first needed, or by `ready`: an embedded database takes seconds to come up, and nobody may ask for it.
 */
export class ExchangeIdentity implements IdentityHandler {
  readonly #options: ExchangeIdentityOptions;
  readonly #accounts: CustomerAccounts;
  readonly #keys: SessionKeys;
  readonly #mailbox: Mailbox;
  /** Says whose key it is: of a page that somebody is signed in on, or an API key. */
  readonly authenticator: Authenticator;
  #opened: Promise<OpenedIdentity> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Where the page lives: passkeys are bound to it. */
  readonly #origins: string[] = [];
  #sending: Promise<void> = Promise.resolve();
  #areDemoUsersMade = false;
  #cleanedAt = 0;

  constructor(options: ExchangeIdentityOptions) {
    this.#options = options;
    this.#origins.push(...(options.origins ?? []));
    this.#accounts = new CustomerAccounts(options);
    this.#keys = new SessionKeys({ clock: options.clock });
    this.#mailbox = new Mailbox(options.clock, (mail) => {
      if (!this.#isOfMakingDemoUsers(mail)) options.onMail?.(mail);
    });
    this.authenticator = firstAuthenticator(this.#keys, {
      authenticate: (credentials) => this.#authenticate(credentials),
      isLive: async (apiKey) => (await this.#open()).verifier.isLive(apiKey),
      ownerOf: (apiKey) => this.#demoOwner(apiKey),
    });
  }

  get mails(): readonly Mail[] {
    return this.#mailbox.mails;
  }

  /** The pages may ask for passkeys, and no others. */
  servesAt(port: number): void {
    if (this.#options.origins !== undefined) return;
    this.#origins.splice(0, this.#origins.length, `http://localhost:${port}`);
  }

  /** Resolves once users can sign in; rejects where the database or the key file can't be opened. */
  async ready(): Promise<void> {
    await this.#open();
  }

  owns(path: string): boolean {
    return path.startsWith("/identity/");
  }

  async handle(request: IdentityRequest): Promise<IdentityResponse> {
    try {
      const { context, handler, verifier } = await this.#open();
      const response = await handler.handle(request);
      // What was done is done: that it could not be followed up must not be the answer to it.
      if (request.method !== "GET" && response.status < 300) {
        forgetRevoked(verifier, request);
        await this.#settle(context).catch(this.#options.onError);
      }
      return response;
    } catch (error) {
      this.#options.onError(error);
      return refusedAnswer(503, {
        code: "identity_unavailable",
        rule: "The database of users can be reached.",
      });
    }
  }

  /** Signs in as a demo account, as whoever has its password would; the cookies of its session. */
  async signInAsDemo(
    name: string,
    { remoteAddress = "", headers }: Pick<IdentityRequest, "remoteAddress" | "headers">,
  ): Promise<
    | { readonly ok: true; readonly cookies: readonly string[] }
    | { readonly ok: false; readonly code: string; readonly rule: string }
  > {
    const key = this.#options.demoKeys.find((each) => each.name === name);
    if (key === undefined) {
      return { ok: false, code: "account_unknown", rule: "It is the name of a demo account." };
    }
    const { context } = await this.#open();
    const client = { address: remoteAddress, name: headers["user-agent"] };
    const answer = await signInWithPassword(context, {
      email: demoEmail(name),
      password: key.password,
      client,
    });
    if (!answer.ok) return answer;
    if (answer.status === "signed_in") return { ok: true, cookies: sessionCookies(answer) };
    const rule = "Whoever gave the account a second factor signs in with it.";
    return { ok: false, code: "factor_needed", rule };
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    clearInterval(this.#timer);
    if (opened === undefined) return;
    await this.#sending.catch(() => undefined);
    await opened.verifier.writeLastUsed();
    await opened.context.db.destroy();
  }

  #open(): Promise<OpenedIdentity> {
    this.#opened ??= this.#begin().catch((error) => {
      // The next who needs it tries again.
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #begin(): Promise<OpenedIdentity> {
    const { clock, keyFile, demoKeys } = this.#options;
    const keys = await localKeyFile(keyFile);
    const db = await openIdentityDatabase(this.#options);
    try {
      const ports = { db, keys, clock, randomBytes };
      const personalData = await openPersonalData(ports);
      const audit = auditTrail({ ...ports, personalData });
      const passwords = await PasswordHasher.create();
      const passkeys = {
        ...DEFAULT_ACCOUNT_SETTINGS.passkeys,
        relyingParty: relyingPartyOf(this.#options.origins ?? []),
        origins: this.#origins,
      };
      const settings = { ...DEFAULT_ACCOUNT_SETTINGS, passkeys };
      const context: AccountContext = { ...ports, personalData, audit, passwords, settings };
      const mailOf = async (email: string): Promise<Mail | undefined> => {
        await this.#send(context);
        return this.mails.find(({ to }) => to === email);
      };
      for (const key of demoKeys) {
        this.#accounts.assign(await openDemoUser(context, key, mailOf), key.name);
      }
      await this.#send(context);
      this.#areDemoUsersMade = true;
      const handler = createIdentityHandler(context, {
        routes: [sessionKeyRoute(this.#keys, this.#accounts)],
        origins: this.#origins,
        onError: this.#options.onError,
      });
      const opened = { context, handler, verifier: apiKeyVerifier(context) };
      this.#timer = setInterval(() => void this.#look(opened), LOOK_EVERY_MS).unref();
      return opened;
    } catch (error) {
      await db.destroy();
      throw error;
    }
  }

  /** What is sent while demo users are made has been read by whoever makes them. */
  #isOfMakingDemoUsers({ to }: Mail): boolean {
    return (
      !this.#areDemoUsersMade && this.#options.demoKeys.some(({ name }) => demoEmail(name) === to)
    );
  }

  /** Demo keys lie in a file of the one machine that they are for: clients of before 2026 may have listen keys for them. */
  async #demoOwner(apiKey: string): Promise<Principal | undefined> {
    const { demoKeys, views } = this.#options;
    const name = demoKeys.find((key) => key.apiKey === apiKey)?.name;
    const account = name === undefined ? undefined : views.account(name)?.account;
    if (name === undefined || account === undefined) return undefined;
    if (!(await (await this.#open()).verifier.isLive(apiKey))) return undefined;
    return { account, name, permissions: ["read"] };
  }

  async #authenticate(credentials: Credentials) {
    const { verifier } = await this.#open();
    const ofKeys = apiKeyAuthenticator(verifier, ({ user }) => this.#accounts.of(user));
    return ofKeys.authenticate(credentials);
  }

  /** After a change: keys of sessions that are over end before it is answered; what waits is sent in its own time. */
  async #settle(context: AccountContext): Promise<void> {
    const living = await livingSessions(context, this.#keys.sessions);
    for (const session of this.#keys.sessions) {
      if (!living.has(session)) this.#keys.end(session);
    }
    this.#send(context).catch(this.#options.onError);
  }

  /** What another process may have changed, what could not be sent before, and what nobody needs any more. */
  async #look({ context, verifier }: OpenedIdentity): Promise<void> {
    try {
      await this.#settle(context);
      await verifier.writeLastUsed();
      await this.#cleanUp(context);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** Links, challenges, sessions and counts that are over, and data whose retention has ended. */
  async #cleanUp(context: AccountContext): Promise<void> {
    const now = context.clock();
    if (now - this.#cleanedAt < CLEAN_EVERY_MS) return;
    this.#cleanedAt = now;
    await forgetExpired(context);
    // As long as the rule that remembers longest: what is deleted sooner would be forgiven sooner.
    const kept = Object.values(context.settings.throttles).map((rule) => rule.forgottenAfterMs);
    await forgetThrottles(context, Math.max(...kept));
    await finishErasures(context);
  }

  /** One after the other: what is being sent is not begun twice. */
  #send(context: AccountContext): Promise<void> {
    const ports = {
      notifier: this.#mailbox,
      contacts: accountContacts(context),
      // Nothing asks the host for anything here yet: what does must say how it is done.
      commands: {
        async execute({ kind }: { readonly kind: string }): Promise<never> {
          throw new Error(`nobody does what the command ${kind} asks for`);
        },
      },
    };
    this.#sending = this.#sending
      .catch(() => undefined)
      .then(async () => {
        while ((await relayOutbox(context, ports)).delivered > 0);
      });
    return this.#sending;
  }
}
