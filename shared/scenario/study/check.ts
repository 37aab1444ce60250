import { metricCatalogue } from '../../domain/study/catalogue.js';
import { countCells, labelOf } from '../../domain/study/cells.js';
import { fromWire } from '../../domain/ticks.js';
import { shown, type Misfit } from '../shape.js';
import { nearestNames } from './near.js';
import type { Distribution, Study } from './schema.js';

/** Cells of one study at most: beyond it a folder of results is no use to anybody. */
const mostCells = 100_000;

/** Everything in a well-shaped study that contradicts something else in it, in the order it is looked at. */
export function* studyMisfits(study: Study): Generator<Misfit> {
  yield* repeated('seeds', study.seeds, 'each seed once');
  yield* repeated('variants', study.variants?.map(({ id }) => id) ?? [], 'each id once', '.id');
  yield* repeated('weather', study.weather?.map(({ id }) => id) ?? [], 'each id once', '.id');
  yield* repeated('axes', study.axes?.map(({ id }) => id) ?? [], 'each id once', '.id');
  for (const [axis, { values }] of (study.axes ?? []).entries())
    yield* repeated(`axes[${axis}].values`, values.map(labelOf), 'each value once');
  yield* horizonMisfits(study);
  yield* keysSetTwice(study);
  for (const [place, distribution] of (study.draws?.of ?? []).entries()) yield* impossible(`draws.of[${place}]`, distribution);
  yield* metricMisfits(study);
  const cells = countCells(study);
  if (cells > mostCells) yield { field: 'seeds', found: `${cells} cells in all`, allowed: `at most ${mostCells}` };
}

function* repeated(field: string, values: readonly unknown[], allowed: string, below = ''): Generator<Misfit> {
  const seen = new Set<unknown>();
  const place = values.findIndex((value) => seen.size === seen.add(value).size);
  if (place >= 0) yield { field: `${field}[${place}]${below}`, found: `${shown(values[place])} again`, allowed };
}

function* horizonMisfits({ horizon: { fromTime, untilTime } }: Study): Generator<Misfit> {
  if (fromTime !== undefined && fromWire(untilTime) <= fromWire(fromTime))
    yield { field: 'horizon.untilTime', found: untilTime, allowed: `an instant after ${fromTime}` };
}

/** What an axis, a draw or a variant sets, nothing else of them may set: which one counts would be a matter of order. */
function* keysSetTwice({ variants = [], axes = [], draws, weather = [] }: Study): Generator<Misfit> {
  const setBy = new Map<string, string>();
  for (const { id, overrides } of variants) for (const key of Object.keys(overrides)) setBy.set(key, `variant ${id}`);
  const placed = [
    ...axes.flatMap(({ id, keys }, axis) => keys.map((key, place) => ({ key, by: `axis ${id}`, field: `axes[${axis}].keys[${place}]` }))),
    ...(draws?.of ?? []).map(({ key }, place) => ({ key, by: 'draws', field: `draws.of[${place}].key` })),
    ...[...new Set(weather.flatMap(({ overrides }) => Object.keys(overrides)))].map((key) => ({ key, by: 'weather', field: 'weather' })),
  ];
  for (const { key, by, field } of placed) {
    const other = setBy.get(key);
    if (other !== undefined) yield { field, found: `${key}, which ${other} sets too`, allowed: 'a key that nothing else sets' };
    setBy.set(key, by);
  }
}

function* impossible(field: string, distribution: Distribution): Generator<Misfit> {
  if (distribution.kind !== 'uniform' && distribution.kind !== 'triangular') return;
  const { min, max } = distribution;
  if (!(max > min)) yield { field: `${field}.max`, found: String(max), allowed: `a number above min, ${min}` };
  if (distribution.kind === 'triangular' && (distribution.mode < min || distribution.mode > max))
    yield { field: `${field}.mode`, found: String(distribution.mode), allowed: `a number from min to max, ${min} to ${max}` };
}

function* metricMisfits({ metrics, stop = [] }: Study): Generator<Misfit> {
  const known = metricCatalogue.map(({ id }) => id);
  for (const [place, id] of (metrics ?? []).entries())
    if (!known.includes(id)) yield { field: `metrics[${place}]`, found: shown(id), allowed: nearestNames(id, known).join(', ') };
  for (const [place, { column, above, below }] of stop.entries()) {
    const id = column.split('.')[0] ?? '';
    const measured = metrics ?? known;
    if (!measured.includes(id))
      yield { field: `stop[${place}].column`, found: shown(column), allowed: nearestNames(id, measured).join(', ') };
    if (above === undefined && below === undefined) yield { field: `stop[${place}]`, found: 'no limit', allowed: 'above, below or both' };
  }
}
