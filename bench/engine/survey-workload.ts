import {
  type Workload as Messages,
  MessageType,
} from "../../packages/engine/src/testing/survey/workload.ts";
import { CommandList } from "./command-list.ts";
import { CommandType, type Workload } from "./workload.ts";

/**
 * The first messages of the survey's workload, for one market that is empty at first. Their ids become dense ones. Throws
 * `RangeError` for messages that use the id of one order for another, which the survey's own adapter has to tell apart.
 */
export const surveyWorkload = (messages: Messages, count: number): Workload => {
  const commands = new CommandList(count);
  const orders = new Orders();
  for (let index = 0; index < count; index += 1) {
    const flags = messages.flags[index] as number;
    const isNew = (flags & 3) === MessageType.new;
    const order = orders.named(messages.ids[index] as number, isNew, (flags >>> 2) & 1);
    // What asks for an order that never was is rejected, whatever else it says.
    const type = order.isKnown ? (TYPES[flags & 3] as number) : CommandType.cancel;
    const isCancel = type === CommandType.cancel;
    commands.add({
      type,
      side: order.side,
      timeInForce: isNew ? flags >>> 3 : 0,
      symbol: 0,
      orderId: order.orderId,
      price: isCancel ? 0 : (messages.prices[index] as number),
      quantity: isCancel ? 0 : (messages.quantities[index] as number),
    });
  }
  return commands.workload(0, 1);
};

/** What the survey's types of messages are here. A modify is a cancel and a new order under the same id. */
const TYPES: readonly number[] = [CommandType.limit, CommandType.cancel, CommandType.replace];

interface SurveyOrder {
  /** Dense, from 1. */
  readonly orderId: number;
  readonly side: number;
  /** Whether there has been such an order. */
  readonly isKnown: boolean;
}

class Orders {
  readonly #orders: Map<number, SurveyOrder> = new Map();

  named(id: number, isNew: boolean, side: number): SurveyOrder {
    const known = this.#orders.get(id);
    if (known !== undefined && !isNew) return known;
    if (known !== undefined) {
      throw new RangeError(`expected an id that no message has named before, was ${id}`);
    }
    const order = { orderId: this.#orders.size + 1, side, isKnown: isNew };
    this.#orders.set(id, order);
    return order;
  }
}
