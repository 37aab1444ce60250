import type { World } from '../../scenario/schema.js';

/** Largest load each region is modelled with, MW, by region. */
export function largestLoadsMw({ regions, series }: Pick<World, 'regions' | 'series'>): ReadonlyMap<string, number> {
  return new Map(
    regions.map(({ id, load }) => {
      switch (load.kind) {
        case 'series':
          return [id, (series[load.series]?.values ?? []).reduce((most, mw) => Math.max(most, mw), 0)];
        case 'constant':
          return [id, load.mw];
        case 'load':
          return [id, load.peakMw];
        case 'wind':
        case 'solar':
          return [id, 0];
      }
    }),
  );
}
