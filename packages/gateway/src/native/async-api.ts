import { z } from "zod";
import { problemSchema } from "./answer-schemas.ts";
import {
  channelMessages,
  PRIVATE_BODIES,
  type PrivateChannelName,
  PUBLIC_BODIES,
  type PublicChannelName,
  SESSION_MESSAGES,
} from "./message-schemas.ts";
import { CLIENT_MESSAGES } from "./schemas.ts";

/** A message as it is described. */
interface Described {
  readonly name: string;
  readonly summary: string;
  readonly payload: object;
}

const CHANNEL = "stream";

/**
 * What is said over `/v1/ws` as an AsyncAPI 3.0 document: the messages of clients from the very schemas that judge them, those of the gateway
 * from the schemas that its encoders are typed by.
 */
export const asyncApiDocument = (): object => {
  const received = Object.entries(CLIENT_MESSAGES).map(([name, schema]) =>
    described(name, FROM_CLIENTS[name as keyof typeof CLIENT_MESSAGES], schema, "input"),
  );
  const sent = sentMessages();
  const all = [...received, ...sent];
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Pincex streams",
      version: "1",
      description:
        "Messages are JSON. A channel begins with a snapshot, or goes on after the fromSeq that was asked for; then come updates, each with the seq of the message before it as prevSeq. Decimals and ids are strings, times RFC 3339 with milliseconds.",
    },
    defaultContentType: "application/json",
    channels: {
      [CHANNEL]: {
        address: "/v1/ws",
        messages: Object.fromEntries(
          all.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
        bindings: { ws: { method: "GET" } },
      },
    },
    operations: {
      listen: operation("receive", "What a client may say.", received),
      tell: operation("send", "What a client is told.", sent),
    },
    components: {
      messages: Object.fromEntries(all.map((message) => [message.name, message])),
    },
  };
};

const FROM_CLIENTS: Readonly<Record<keyof typeof CLIENT_MESSAGES, string>> = {
  subscribe: "Begins a channel, or goes on after the last seq that was received.",
  unsubscribe: "Ends a channel.",
  auth: "Says who the client is, by a signature over timestamp + GET + the path.",
  ping: "Asks for a pong, which comes after all that happened before it.",
  cancelOnDisconnect: "Whether all orders of the account end with the connection.",
  order: "An operation on orders; the body is that of the same request by REST.",
};

const FROM_GATEWAY: Readonly<Record<keyof typeof SESSION_MESSAGES, string>> = {
  authenticated: "The answer to auth.",
  subscribed: "The answer to subscribe; the channel follows.",
  unsubscribed: "The answer to unsubscribe.",
  pong: "The answer to ping.",
  heartbeat: "Every five seconds, how far each channel has come.",
  result: "The answer to an operation.",
};

const OF_CHANNELS = {
  snapshot: "how things stand",
  update: "what has happened",
  resync: "that what was missed is not known any more; a snapshot follows",
} as const;

const sentMessages = (): Described[] => {
  const session = Object.entries(SESSION_MESSAGES).map(([name, schema]) =>
    described(name, FROM_GATEWAY[name as keyof typeof SESSION_MESSAGES], schema, "output"),
  );
  const channels = [...Object.keys(PUBLIC_BODIES), ...Object.keys(PRIVATE_BODIES)];
  const ofChannels = channels.flatMap((channel) =>
    Object.entries(channelMessages(channel as PublicChannelName | PrivateChannelName)).map(
      ([type, schema]) => {
        const summary = `${channel}: ${OF_CHANNELS[type as keyof typeof OF_CHANNELS]}.`;
        const name = `${channel}${type.charAt(0).toUpperCase()}${type.slice(1)}`;
        return described(name, summary, schema, "output");
      },
    ),
  );
  return [...session, ...ofChannels, refusal()];
};

/** A refusal, as REST has it, with the id of what was refused. */
const refusal = (): Described => {
  const schema = problemSchema.extend({
    type: z.literal("error"),
    id: z.union([z.string(), z.int(), z.null()]),
  });
  return described("error", "What a client said was refused, and why.", schema, "output");
};

const described = (
  name: string,
  summary: string,
  schema: z.ZodType,
  io: "input" | "output",
): Described => {
  const { $schema: _, ...payload } = z.toJSONSchema(schema, { io, target: "draft-7" });
  return { name, summary, payload };
};

const operation = (
  action: "send" | "receive",
  summary: string,
  messages: readonly Described[],
): object => ({
  action,
  summary,
  channel: { $ref: `#/channels/${CHANNEL}` },
  messages: messages.map(({ name }) => ({ $ref: `#/channels/${CHANNEL}/messages/${name}` })),
});
