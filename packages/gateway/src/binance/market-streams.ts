import type { Connection } from "../streaming/connection.ts";
import type { Unsubscribe } from "../streaming/public-feeds.ts";
import { textFrame } from "../streaming/text-frame.ts";
import { parseStreamName } from "./stream-name.ts";
import { type StreamInputs, startStream } from "./stream-source.ts";

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

/** All market streams that somebody receives. Each runs once, and each of its messages is framed once. */
export class MarketStreams {
  readonly #inputs: StreamInputs;
  readonly #topics = new Map<string, Topic>();

  constructor(inputs: StreamInputs) {
    this.#inputs = inputs;
  }

  /** Whether there is such a stream. */
  knows(name: string): boolean {
    return this.#topics.has(name) || parseStreamName(name, this.#inputs.markets) !== undefined;
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
    const request = parseStreamName(name, this.#inputs.markets);
    if (request === undefined) return undefined;
    const subscribers = new Set<StreamSubscriber>();
    const stop = startStream(request, this.#inputs, (message) =>
      broadcast(name, message, subscribers),
    );
    const topic: Topic = { subscribers, stop };
    this.#topics.set(name, topic);
    return topic;
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
