import type { GatewayResponse } from "../http-message.ts";
import { Problem, problemResponse } from "../native/problem.ts";

/** The answer of a host that let something else read the body before: a mistake of the host, not of the client. */
export const bodyAlreadyRead = (): GatewayResponse =>
  problemResponse(
    new Problem(
      500,
      "body_already_read",
      "body",
      "The host mounts the gateway before whatever reads bodies, or keeps the bytes in rawBody.",
    ),
  );
