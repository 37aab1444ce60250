import { describe, expect, it } from 'vitest';
import { draw } from '../../shared/domain/random.js';
import { bridgesOf, islandsOf } from '../../shared/scenario/networkGraph.js';
import { wallNow } from '../../shared/runtime/clock.js';

const busesOf = (count: number) => Array.from({ length: count }, (_, place) => ({ id: String(place) }));
const branchesOf = (pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([from, to]) => ({ fromBus: String(from), toBus: String(to) }));

describe('islands', () => {
  it('are the parts joined by branches, each in the order of the buses', () => {
    const pairs = [
      [4, 0],
      [1, 3],
      [3, 1],
    ] as const;
    expect(islandsOf(busesOf(5), branchesOf(pairs))).toEqual([['0', '4'], ['1', '3'], ['2']]);
  });
});

describe('radial branches', () => {
  it('name the smaller side, and of two equal sides the one with the first bus', () => {
    // A ring of 0, 1, 2 with a tail 3 - 4; and a pair 5 - 6 apart from it.
    const pairs = [
      [0, 1],
      [1, 2],
      [2, 0],
      [2, 3],
      [4, 3],
      [6, 5],
    ] as const;
    expect(bridgesOf(busesOf(7), branchesOf(pairs))).toEqual([
      { branch: 3, cutOff: [3, 4] },
      { branch: 4, cutOff: [4] },
      { branch: 5, cutOff: [5] },
    ]);
  });

  it('are not those with a parallel branch', () => {
    const pairs = [
      [0, 1],
      [1, 0],
      [1, 2],
    ] as const;
    expect(bridgesOf(busesOf(3), branchesOf(pairs))).toEqual([{ branch: 2, cutOff: [2] }]);
  });

  it('are those whose loss makes one island more, in 200 seeded graphs', () => {
    let seen = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const uniform = (purpose: string, n: number): number => draw({ seed, component: 'test', entity: 'graph', purpose, n });
      const buses = busesOf(2 + Math.floor(uniform('buses', 0) * 10));
      const place = (purpose: string, n: number): number => Math.floor(uniform(purpose, n) * buses.length);
      const pairs = Array.from({ length: 12 }, (_, n) => [place('from', n), place('to', n)] as const).filter(([from, to]) => from !== to);
      const branches = branchesOf(pairs);
      const whole = islandsOf(buses, branches).length;
      const expected = branches.flatMap((branch, index) => {
        const parts = islandsOf(
          buses,
          branches.filter((other) => other !== branch),
        );
        if (parts.length === whole) return [];
        const sides = parts.filter((part) => part.includes(branch.fromBus) || part.includes(branch.toBus));
        const [smaller = []] = sides.sort((a, b) => a.length - b.length);
        return [{ branch: index, cutOff: smaller.map(Number) }];
      });
      expect(bridgesOf(buses, branches), `seed ${seed}`).toEqual(expected);
      seen += expected.length;
    }
    expect(seen).toBeGreaterThan(200);
  });

  it('of a chain of 20,000 buses closed to a ring are found in under a second', () => {
    const count = 20_000;
    const pairs = Array.from({ length: count }, (_, place) => [place, (place + 1) % count] as const);
    const startedAtMs = wallNow();
    expect(bridgesOf(busesOf(count), branchesOf([...pairs, [0, 5]]))).toEqual([]);
    expect(wallNow() - startedAtMs).toBeLessThan(1_000);
  });
});
