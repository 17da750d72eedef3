// Events in the order of their times; those of one time in the order in which they were added.

interface Entry<T> {
  readonly at: number;
  readonly order: number;
  readonly event: T;
}

const before = (a: Entry<unknown>, b: Entry<unknown>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A heap of events. */
export class EventQueue<T> {
  private readonly heap: Entry<T>[] = [];
  private added = 0;

  add(at: number, event: T): void {
    const { heap } = this;
    const entry = { at, order: this.added++, event };
    let place = heap.push(entry) - 1;
    for (let above = (place - 1) >> 1; place > 0 && before(entry, heap[above]); above = (place - 1) >> 1) {
      heap[place] = heap[above];
      place = above;
    }
    heap[place] = entry;
  }

  /** Takes the next event out. */
  next(): { readonly at: number; readonly event: T } | undefined {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return last;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], last)) break;
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = last;
    return first;
  }
}
