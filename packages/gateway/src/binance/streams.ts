import type { Connection } from "../streaming/connection.ts";
import type { Unsubscribe } from "../streaming/public-feeds.ts";
import { textFrame } from "../streaming/text-frame.ts";
import { parseStreamName } from "./stream-name.ts";
import { type StreamInputs, startStream } from "./stream-source.ts";
import { startUserStream, type UserStreamInputs } from "./user-stream.ts";

/** One that receives market streams. */
export interface StreamSubscriber {
  readonly connection: Connection;
  /** Whether each message comes wrapped in `{"stream","data"}`. */
  combined: boolean;
}

/** One running stream and who receives it. */
interface Topic {
  readonly subscribers: Set<StreamSubscriber>;
  readonly stop: Unsubscribe;
}

/** All streams that somebody receives, by the market's name or by a listen key. Each runs once, and each of its messages is framed once. */
export class Streams {
  readonly #inputs: StreamInputs & UserStreamInputs;
  readonly #topics = new Map<string, Topic>();

  constructor(inputs: StreamInputs & UserStreamInputs) {
    this.#inputs = inputs;
  }

  /** Whether there is such a stream. */
  knows(name: string): boolean {
    const { markets, listenKeys } = this.#inputs;
    return parseStreamName(name, markets) !== undefined || listenKeys.find(name) !== undefined;
  }

  /** Starts receiving; a name that is not known does nothing: ask `knows` first. */
  subscribe(name: string, subscriber: StreamSubscriber): void {
    const topic = this.#topics.get(name) ?? this.#start(name);
    topic?.subscribers.add(subscriber);
  }

  unsubscribe(name: string, subscriber: StreamSubscriber): void {
    const topic = this.#topics.get(name);
    if (topic === undefined) return;
    topic.subscribers.delete(subscriber);
    if (topic.subscribers.size > 0) return;
    this.#topics.delete(name);
    topic.stop();
  }

  #start(name: string): Topic | undefined {
    const subscribers = new Set<StreamSubscriber>();
    const stop = this.#startTelling(name, (message) => broadcast(name, message, subscribers));
    if (stop === undefined) return undefined;
    const topic: Topic = { subscribers, stop };
    this.#topics.set(name, topic);
    return topic;
  }

  #startTelling(name: string, publish: (message: object) => void): Unsubscribe | undefined {
    const inputs = this.#inputs;
    const request = parseStreamName(name, inputs.markets);
    if (request !== undefined) return startStream(request, inputs, publish);
    const listenKey = inputs.listenKeys.find(name);
    return listenKey && startUserStream(name, listenKey, inputs, publish);
  }
}

const broadcast = (
  name: string,
  message: object,
  subscribers: ReadonlySet<StreamSubscriber>,
): void => {
  const text = JSON.stringify(message);
  let raw: Buffer | undefined;
  let wrapped: Buffer | undefined;
  for (const { connection, combined } of subscribers) {
    if (combined) {
      wrapped ??= textFrame(`{"stream":${JSON.stringify(name)},"data":${text}}`);
      connection.send(wrapped);
    } else {
      raw ??= textFrame(text);
      connection.send(raw);
    }
  }
};
