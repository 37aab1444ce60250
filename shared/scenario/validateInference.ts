import type { World } from './schema.js';
import type { Misfit } from './shape.js';
import { idsOf, unknownName } from './validateIds.js';

/** What inference is said to give and cannot, and series of inference outside the bounds of their campus. */
export function* inferenceMisfits({ campuses, series }: Pick<World, 'campuses' | 'series'>): Generator<Misfit> {
  const known = idsOf(campuses);
  for (const [index, campus] of campuses.entries()) {
    yield* flexMisfits(`campuses[${index}].inferenceFlex`, campus, known);
    const { inferenceProfile: profile, inferenceMinMw, inferenceMaxMw } = campus;
    if (profile === undefined) continue;
    yield* unknownName(`campuses[${index}].inferenceProfile.series`, profile.series, 'series', new Set(Object.keys(series)));
    const values = series[profile.series]?.values ?? [];
    const beyond = values.findIndex((value) => value < inferenceMinMw || value > inferenceMaxMw);
    if (beyond < 0) continue;
    const allowed = `MW from inferenceMinMw, ${inferenceMinMw}, to inferenceMaxMw, ${inferenceMaxMw}, of ${campus.id}`;
    yield { field: `series.${profile.series}.values[${beyond}]`, found: String(values[beyond]), allowed };
  }
}

function* flexMisfits(at: string, { id, inferenceFlex }: World['campuses'][number], known: ReadonlySet<string>): Generator<Misfit> {
  if (inferenceFlex === undefined) return;
  const { consolidationRatio, moveTo, moveRatio = 0 } = inferenceFlex;
  if (moveTo !== undefined) yield* unknownName(`${at}.moveTo`, moveTo, 'campus', known);
  if (moveTo === id) yield { field: `${at}.moveTo`, found: `"${id}", the campus itself`, allowed: 'another campus' };
  if (moveTo === undefined && moveRatio > 0)
    yield { field: `${at}.moveRatio`, found: String(moveRatio), allowed: '0, as moveTo names no campus' };
  if (consolidationRatio + moveRatio > 1)
    yield { field: `${at}.moveRatio`, found: String(moveRatio), allowed: `up to 1 less consolidationRatio, ${1 - consolidationRatio}` };
}
