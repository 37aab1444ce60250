import type { Distribution, Draws } from '../../scenario/study/schema.js';
import { draw, type DrawKey } from '../random.js';
import { normalQuantile } from '../survival/normal.js';

/** What one draw gives to one place. */
export interface Drawn {
  readonly key: string;
  readonly value: number;
}

/**
 * Latin hypercube: in each dimension exactly one of `count` draws falls into each of `count` parts of equal chance. Keyed by the place
 * drawn for, so that another dimension moves none of the others. [draws][dimensions].
 * Source: McKay, Beckman and Conover, Technometrics 21(2), 1979.
 */
export function hypercube({ count, seed = 1, of }: Draws): readonly (readonly Drawn[])[] {
  const columns = of.map((distribution) =>
    strata({ seed, component: 'study', entity: distribution.key }, count).map((chance) => valueAt(distribution, chance)),
  );
  return Array.from({ length: count }, (_, n) => of.map(({ key }, dimension) => ({ key, value: columns[dimension]?.[n] ?? 0 })));
}

/** One chance in each part of equal width, in an order drawn by key; each in (0, 1). */
function strata(key: Pick<DrawKey, 'seed' | 'component' | 'entity'>, count: number): readonly number[] {
  const parts = Array.from({ length: count }, (_, part) => ({ part, rank: draw({ ...key, purpose: 'hypercube/order', n: part }) }));
  // Two equal ranks keep the order of their parts.
  parts.sort((a, b) => a.rank - b.rank || a.part - b.part);
  const least = 1e-12;
  return parts.map(({ part }) => {
    const chance = (part + draw({ ...key, purpose: 'hypercube/within', n: part })) / count;
    return Math.min(1 - least, Math.max(least, chance));
  });
}

/** The value of a distribution below which a share `chance` of it lies, by inversion. */
export function valueAt(distribution: Distribution, chance: number): number {
  const value = inverse(distribution, chance);
  return distribution.whole === true ? Math.round(value) : value;
}

function inverse(distribution: Distribution, chance: number): number {
  switch (distribution.kind) {
    case 'uniform':
      return distribution.min + chance * (distribution.max - distribution.min);
    case 'triangular': {
      const { min, mode, max } = distribution;
      const split = (mode - min) / (max - min);
      return chance < split
        ? min + Math.sqrt(chance * (max - min) * (mode - min))
        : max - Math.sqrt((1 - chance) * (max - min) * (max - mode));
    }
    case 'lognormal':
      return distribution.median * Math.exp(distribution.sigma * normalQuantile(chance));
    case 'normal':
      return distribution.mean + distribution.deviation * normalQuantile(chance);
  }
}
