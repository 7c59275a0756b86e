import { isIdLiteral, memberLiterals, parsedObject } from "../json-literals.ts";
import type { Connection } from "../streaming/connection.ts";
import type { StreamAddress } from "./stream-path.ts";
import type { StreamSubscriber, Streams } from "./streams.ts";

const MAX_STREAMS = 1_024;

/** A client of the market streams: what it receives, and the control messages by which it changes that. */
export class StreamSession implements StreamSubscriber {
  readonly connection: Connection;
  combined: boolean;
  readonly #streams: Streams;
  readonly #names = new Set<string>();

  constructor(
    connection: Connection,
    { combined, streams: names }: StreamAddress,
    streams: Streams,
  ) {
    this.connection = connection;
    this.combined = combined;
    this.#streams = streams;
    for (const name of names) this.#subscribe(name);
    connection.onText((text) => this.#hear(text));
    connection.onClose(() => this.#unsubscribe([...this.#names]));
  }

  #hear(text: string): void {
    const request = readControl(text);
    const answer = request === undefined ? refused(3, INVALID_JSON) : this.#act(request);
    // The id goes back exactly as it was written: a number, a string or null.
    this.connection.sendText(`{${answer.text},"id":${request?.id ?? "null"}}`);
    // After the answer: a message must not overtake the news that it will come.
    answer.afterwards?.();
  }

  #act({ method, params }: ControlRequest): ControlAnswer {
    switch (method) {
      case "SUBSCRIBE":
        return this.#subscribeAll(params);
      case "UNSUBSCRIBE":
        if (!isNames(params)) return refused(2, WRONG_PARAMS);
        this.#unsubscribe(params);
        return answered("null");
      case "LIST_SUBSCRIPTIONS":
        return answered(JSON.stringify([...this.#names]));
      case "SET_PROPERTY":
        return this.#setProperty(params);
      case "GET_PROPERTY":
        if (!isNames(params) || params[0] !== "combined") return refused(0, UNKNOWN_PROPERTY);
        return answered(String(this.combined));
      default:
        return refused(2, UNKNOWN_METHOD);
    }
  }

  /** All or none: a name that is not known leaves the subscriptions as they were. */
  #subscribeAll(params: unknown): ControlAnswer {
    if (!isNames(params)) return refused(2, WRONG_PARAMS);
    const unknown = params.find((name) => !this.#streams.knows(name));
    if (unknown !== undefined) {
      return refused(2, `Invalid request: unknown stream ${JSON.stringify(unknown)}`);
    }
    if (new Set([...this.#names, ...params]).size > MAX_STREAMS) {
      return refused(2, `Invalid request: more than ${MAX_STREAMS} streams on a connection`);
    }
    return {
      ...answered("null"),
      afterwards: () => {
        for (const name of params) this.#subscribe(name);
      },
    };
  }

  #subscribe(name: string): void {
    this.#names.add(name);
    this.#streams.subscribe(name, this);
  }

  #unsubscribe(names: readonly string[]): void {
    for (const name of names) {
      this.#names.delete(name);
      this.#streams.unsubscribe(name, this);
    }
  }

  #setProperty(params: unknown): ControlAnswer {
    const [property, value] = Array.isArray(params) ? params : [];
    if (property !== "combined" || typeof value !== "boolean") return refused(0, UNKNOWN_PROPERTY);
    this.combined = value;
    return answered("null");
  }
}

interface ControlRequest {
  readonly method: string;
  readonly params: unknown;
  /** As it was written. */
  readonly id: string;
}

interface ControlAnswer {
  /** The answer's member beside its id. */
  readonly text: string;
  /** What is done once the answer is sent. */
  readonly afterwards?: () => void;
}

const answered = (result: string): ControlAnswer => ({ text: `"result":${result}` });

const refused = (code: number, msg: string): ControlAnswer => ({
  text: `"error":${JSON.stringify({ code, msg })}`,
});

const INVALID_JSON = "Invalid JSON: the message is not a JSON object";
const UNKNOWN_PROPERTY = "Unknown property";
const UNKNOWN_METHOD =
  "Invalid request: method must be one of SUBSCRIBE, UNSUBSCRIBE, LIST_SUBSCRIPTIONS, SET_PROPERTY, GET_PROPERTY";
const WRONG_PARAMS = "Invalid request: params must be a list of stream names";

const isNames = (params: unknown): params is string[] =>
  Array.isArray(params) && params.every((name) => typeof name === "string");

/** A control message; undefined if it is not an object. */
const readControl = (text: string): ControlRequest | undefined => {
  const message = parsedObject(text);
  if (message === undefined) return undefined;
  const { method, params } = message;
  const id = memberLiterals(text).get("id") ?? "null";
  return { method: String(method), params, id: isIdLiteral(id) ? id : "null" };
};
