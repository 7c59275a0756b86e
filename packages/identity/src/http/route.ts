import type { z } from "zod";
import type { AccountContext } from "../account-context.ts";
import type { Refused } from "../refusal.ts";
import type { Session } from "../sessions/session.ts";
import type { Client } from "../sign-in/client.ts";
import type { IdentityResponse } from "./identity-request.ts";

/** A request that was read and found in order. */
export interface Call<Body> {
  readonly context: AccountContext;
  readonly client: Client;
  readonly body: Body;
  /** What stands in the path in the place of `:id`; empty where there is none. */
  readonly id: string;
}

/** A request of somebody who is signed in. */
export interface SessionCall<Body> extends Call<Body> {
  readonly session: Session;
}

/** What was asked for, or why it was not done: the handler knows which status that is. */
export type RouteAnswer = IdentityResponse | Refused;

/** What the handler needs of a route, whatever its body is. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the prefix, without a slash at its ends; one part may be `:id`. */
  readonly path: string;
  readonly body: z.ZodType | undefined;
  readonly asksForSession: boolean;
  run(call: Call<unknown>, session: Session | undefined): Promise<RouteAnswer>;
}

export type RouteHandler<Given> = (call: Given) => Promise<RouteAnswer>;

/** A change that anybody may ask for. */
export const post = <Body>(
  path: string,
  body: z.ZodType<Body>,
  handle: RouteHandler<Call<Body>>,
): Route => ({
  method: "POST",
  path,
  body,
  asksForSession: false,
  run: (call) => handle(call as Call<Body>),
});

/** A change for who is signed in. */
export const postSignedIn = <Body>(
  path: string,
  body: z.ZodType<Body>,
  handle: RouteHandler<SessionCall<Body>>,
): Route => signedIn("POST", path, body, handle);

export const getSignedIn = (path: string, handle: RouteHandler<SessionCall<undefined>>): Route =>
  signedIn("GET", path, undefined, handle);

export const deleteSignedIn = (path: string, handle: RouteHandler<SessionCall<undefined>>): Route =>
  signedIn("DELETE", path, undefined, handle);

const signedIn = <Body>(
  method: Route["method"],
  path: string,
  body: z.ZodType<Body> | undefined,
  handle: RouteHandler<SessionCall<Body>>,
): Route => ({
  method,
  path,
  body,
  asksForSession: true,
  run: (call, session) => {
    if (session === undefined) throw new Error("a route for who is signed in ran for nobody");
    return handle({ ...(call as Call<Body>), session });
  },
});
