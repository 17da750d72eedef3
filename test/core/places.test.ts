// Scopes, keep, dispose and advance against a model: which tensors are alive, with which numbers, and how much is held.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance, keep, memory, scope, type Tensor, tensor } from "../../src/index.js";
import { runs } from "../laws/settings.js";

/** What is to be done; `with` names a tensor by its number, modulo how many are at hand. */
type Action =
  | { readonly do: "make"; readonly size: number }
  | { readonly do: "add" | "view" | "keep" | "dispose"; readonly with: number }
  | { readonly do: "scope"; readonly actions: readonly Action[]; readonly returns: number }
  | { readonly do: "advance"; readonly with: number; readonly how: "same" | "new" | "outside"; readonly times: number };

const { actions } = fc.letrec<{ actions: Action[]; action: Action }>((tie) => ({
  action: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ do: fc.constant("make" as const), size: fc.integer({ min: 0, max: 40 }) }),
    fc.record({ do: fc.constantFrom("add" as const, "view", "keep", "dispose"), with: fc.nat(30) }),
    fc.record({
      do: fc.constant("advance" as const),
      with: fc.nat(30),
      how: fc.constantFrom("same" as const, "new", "outside"),
      times: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({ do: fc.constant("scope" as const), actions: tie("actions"), returns: fc.nat(30) }),
  ),
  actions: fc.array(tie("action"), { maxLength: 8, depthIdentifier: "actions" }),
}));

/** A tensor with what the model says of it. `block` is shared by the views of one block. */
interface Known {
  readonly tensor: Tensor;
  readonly numbers: readonly number[];
  readonly block: { alive: boolean; readonly depth: number; readonly kept: boolean; readonly carried: boolean };
}

class World {
  readonly known: Known[] = [];
  private depth = 0;
  private next = 1;

  run(list: readonly Action[]): void {
    for (const action of list) {
      this.act(action);
      this.check();
    }
  }

  check(): void {
    for (const { tensor: x, numbers, block } of this.known) {
      expect(x.alive).toBe(block.alive);
      if (block.alive) expect(Array.from(x.data())).toEqual(numbers);
      else expect(() => x.data()).toThrow(/^\[(scope|dispose|advance)\] this /);
    }
  }

  private note(
    x: Tensor,
    numbers: readonly number[],
    { depth = this.depth, kept = false, carried = false } = {},
  ): void {
    this.known.push({ tensor: x, numbers, block: { alive: true, depth, kept, carried } });
  }

  private pick(which: number): Known | undefined {
    const alive = this.known.filter(({ block }) => block.alive);
    return alive[which % Math.max(1, alive.length)];
  }

  private act(action: Action): void {
    if (action.do === "make") {
      const numbers = Array.from({ length: action.size }, () => this.next++);
      this.note(tensor(numbers), numbers);
      return;
    }
    if (action.do === "scope") {
      this.inScope(action.actions, action.returns);
      return;
    }
    const chosen = this.pick(action.with);
    if (!chosen) return;
    const { tensor: x, numbers, block } = chosen;
    if (action.do === "add")
      this.note(
        x.add(1),
        numbers.map((n) => n + 1),
      );
    else if (action.do === "view")
      this.known.push({ tensor: x.reshape([x.size, 1]).reshape([x.size]), numbers, block });
    else if (action.do === "keep") this.note(keep(x), numbers, { depth: 0, kept: true });
    else if (action.do === "dispose") {
      x.dispose();
      // What lies in a scope goes with the scope, unless it can be freed by itself.
      if (block.depth === 0 || block.carried) block.alive = false;
    } else if (action.do === "advance") this.advance(chosen, action);
  }

  private inScope(list: readonly Action[], returns: number): void {
    const from = this.known.length;
    this.depth++;
    let returned: Known | undefined;
    const result = scope(() => {
      this.run(list);
      returned = this.pick(returns);
      return returned?.tensor;
    });
    this.depth--;
    const copied = returned !== undefined && returned.block.depth > this.depth;
    for (const { block } of this.known.slice(from)) if (block.depth > this.depth) block.alive = false;
    if (copied) this.note(result!, returned!.numbers);
    else expect(result).toBe(returned?.tensor);
  }

  private advance(first: Known, { how, times }: Extract<Action, { do: "advance" }>): void {
    let carry = first;
    for (let k = 0; k < times; k++) {
      const { tensor: x, numbers, block } = carry;
      const outside = this.pick(k) ?? carry;
      const next = advance({ x, k }, (old) => ({
        x: how === "same" ? old.x : how === "new" ? old.x.add(2) : outside.tensor,
        k: old.k + 1,
      }));
      expect(next.k).toBe(k + 1);
      const stays = how === "same" || (how === "outside" && outside.block === block);
      if (!stays && block.carried && block.depth === this.depth) block.alive = false;
      if (how === "new")
        this.note(
          next.x,
          numbers.map((n) => n + 2),
          { carried: true },
        );
      carry = how === "new" ? this.known[this.known.length - 1] : how === "same" ? carry : outside;
    }
  }
}

describe("places", () => {
  it("free exactly what their rules say, and hold nothing afterwards", () => {
    fc.assert(
      fc.property(actions, (list) => {
        const before = memory.stats();
        const world = new World();
        world.run(list);
        for (const { tensor: x } of world.known) x.dispose();
        const { persistentBytes, live, arenaBytes, tapes } = memory.stats();
        expect({ persistentBytes, live, arenaBytes, tapes }).toEqual({
          persistentBytes: before.persistentBytes,
          live: before.live,
          arenaBytes: before.arenaBytes,
          tapes: before.tapes,
        });
      }),
      runs(300),
    );
  });
});
