import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A simulated process: what happens to it happens at instants of simulated wall time, and what it began dies with it. */
export interface Owner {
  readonly name: string;
  /** Counts its lives: what an earlier life still has to do is never done. */
  life: number;
  frozenUntilMs: number;
  /** How far its wall clock is off, ms. */
  jumpMs: number;
}

/** A process in its first life. */
export function newOwner(name: string): Owner {
  return { name, life: 0, frozenUntilMs: 0, jumpMs: 0 };
}

interface Happening {
  readonly atMs: number;
  readonly order: number;
  /** Null: it happens outside of any process, such as a message on its way. */
  readonly owner: Owner | null;
  readonly life: number;
  readonly action: () => void;
}

/** Simulated wall time: everything that happens, one after the other, in an order that a seed alone decides. */
export interface Loop {
  readonly nowMs: number;
  readonly happened: number;
  /** Uniform number in [0, 1). */
  random(): number;
  /** Uniform number between two. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  later(owner: Owner | null, delayMs: number, action: () => void): void;
  /** Lets things happen until `isOver`, `untilMs` or the end of all happenings; `before` each may strike its owner. */
  run(how: { readonly untilMs: number; readonly isOver: () => boolean; readonly before: (owner: Owner) => void }): Promise<void>;
}

/** An empty loop at instant 0. */
export function createLoop(seed: number): Loop {
  const generator = xoroshiro128plus(Math.imul(seed, 0x9e3779b1));
  // The first numbers of neighbouring seeds are alike.
  for (let skipped = 0; skipped < 20; skipped++) generator.next();
  const heap: Happening[] = [];
  let [nowMs, order, happened] = [0, 0, 0];
  const random = (): number => (generator.next() >>> 0) / 4_294_967_296;
  const run: Loop['run'] = async ({ untilMs, isOver, before }) => {
    while (!isOver()) {
      const next = heap[0];
      if (next === undefined || next.atMs > untilMs) return;
      pop(heap);
      const { owner } = next;
      if (owner !== null && owner.life !== next.life) continue;
      nowMs = Math.max(nowMs, next.atMs);
      if (owner !== null && owner.frozenUntilMs > nowMs) {
        push(heap, { ...next, atMs: owner.frozenUntilMs });
        continue;
      }
      happened += 1;
      if (owner !== null) before(owner);
      if (owner !== null && (owner.life !== next.life || owner.frozenUntilMs > nowMs)) {
        push(heap, next);
        continue;
      }
      next.action();
      // Everything that follows at once, through promises, is done before the next thing happens.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };
  return {
    get nowMs() {
      return nowMs;
    },
    get happened() {
      return happened;
    },
    random,
    between: (least, most) => least + (most - least) * random(),
    chance: (probability) => probability > 0 && random() < probability,
    later: (owner, delayMs, action) => push(heap, { atMs: nowMs + delayMs, order: order++, owner, life: owner?.life ?? 0, action }),
    run,
  };
}

function isBefore(a: Happening, b: Happening): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Happening[], item: Happening): void {
  let at = heap.length;
  heap.push(item);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(item, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = item;
}

function pop(heap: Happening[]): void {
  const item = heap.pop();
  if (item === undefined || heap.length === 0) return;
  let at = 0;
  while (true) {
    const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
    if (left === undefined) break;
    const [child, below] = right !== undefined && isBefore(right, left) ? [right, 2 * at + 2] : [left, 2 * at + 1];
    if (!isBefore(child, item)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = item;
}
