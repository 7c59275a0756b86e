import { momentWords } from "../account/order-words.ts";
import type { IdentityRefusal } from "./identity-request.ts";

/** The refusal as a sentence, with the moment from which it may be tried again. */
export const refusalText = ({ rule, retryAt }: IdentityRefusal): string =>
  retryAt === undefined ? rule : `${rule} Again from ${momentWords(retryAt)}.`;
