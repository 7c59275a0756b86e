/** Something that falls due: a `gtd` order's end, or an account's dead-man's switch. */
export interface Deadline {
  readonly time: number;
  /** The account of a switch; 0 for an order's end. */
  readonly account: number;
  /** The order's id; 0 for a switch. */
  readonly orderId: number;
}

/** By time; at one time switches before orders, then by account or id. */
const isBefore = (one: Deadline, other: Deadline): boolean => {
  if (one.time !== other.time) return one.time < other.time;
  if ((one.account === 0) !== (other.account === 0)) return one.account !== 0;
  return one.account !== other.account ? one.account < other.account : one.orderId < other.orderId;
};

/**
 * What falls due, soonest first: a binary heap. Whether it still holds when its time comes (the order may be gone, the
 * switch set anew) is for the caller to see.
 */
export class Deadlines {
  private readonly heap: Deadline[] = [];
  /** The orders that are in it: one that comes to rest again, as a pegged one does time after time, is there already. */
  private readonly orderIds: Set<number> = new Set();

  add(deadline: Deadline): void {
    const { heap, orderIds } = this;
    if (orderIds.has(deadline.orderId)) return;
    if (deadline.orderId !== 0) orderIds.add(deadline.orderId);
    let at = heap.length;
    heap.push(deadline);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Deadline;
      if (!isBefore(deadline, above)) break;
      heap[at] = above;
      heap[parent] = deadline;
      at = parent;
    }
  }

  /** The soonest. */
  get first(): Deadline | undefined {
    return this.heap[0];
  }

  /** Takes out the first that is due at a time, if any is. */
  takeDue(time: number): Deadline | undefined {
    const { heap } = this;
    const [first] = heap;
    if (first === undefined || first.time > time) return undefined;
    this.orderIds.delete(first.orderId);
    const last = heap.pop() as Deadline;
    if (heap.length > 0) this.sinkFromTop(last);
    return first;
  }

  private sinkFromTop(deadline: Deadline): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (
        child + 1 < heap.length &&
        isBefore(heap[child + 1] as Deadline, heap[child] as Deadline)
      ) {
        child += 1;
      }
      if (!isBefore(heap[child] as Deadline, deadline)) break;
      heap[at] = heap[child] as Deadline;
      at = child;
    }
    heap[at] = deadline;
  }
}
