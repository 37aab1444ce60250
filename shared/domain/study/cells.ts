import type { ScriptEntry } from '../../scenario/schema.js';
import type { Study } from '../../scenario/study/schema.js';
import { hypercube } from './hypercube.js';

/** A value that a cell gives to a place in its world. */
export interface Setting {
  /** Dotted key, such as `contracts.riverbend-a.strikeUsdPerMwh`. */
  readonly key: string;
  readonly value: unknown;
}

/** One world that a study runs. */
export interface StudyCell {
  /** From 0, in the order of the study. */
  readonly index: number;
  readonly variant: string;
  /** What each axis has here, in words. */
  readonly axes: readonly { readonly id: string; readonly label: string }[];
  /** Number of the draw from 0, and what was drawn; null and none where the study draws nothing. */
  readonly draw: number | null;
  readonly drawn: readonly { readonly key: string; readonly value: number }[];
  /** Weather year and its weight; null and 1 where the study has none. */
  readonly weather: string | null;
  readonly weight: number;
  readonly seed: number;
  /** Everything it changes, in the order in which it is done. */
  readonly settings: readonly Setting[];
  /** What is done to it on the way. */
  readonly acts: readonly ScriptEntry[];
  /** Names what it is apart from seed and draw: cells of one group differ by chance alone. */
  readonly group: string;
  /** Names it among all cells, and its partner in another study. */
  readonly key: string;
}

/** Name of the one variant of a study that names none. */
export const plainVariant = 'base';

/** The cells of a study: variants, axes (each with each), draws, weather years and seeds, the last one running fastest. */
export function cellsOf(study: Study): readonly StudyCell[] {
  const variants = study.variants ?? [{ id: plainVariant, overrides: {} }];
  const points = study.draws === undefined ? [null] : hypercube(study.draws);
  const cells: StudyCell[] = [];
  for (const variant of variants)
    for (const place of eachWithEach((study.axes ?? []).map(({ values }) => values.length)))
      points.forEach((drawn, draw) => {
        const own = { draw: drawn === null ? null : draw, drawn: drawn ?? [] };
        for (const year of study.weather ?? [null])
          for (const seed of study.seeds) cells.push(cellOf({ study, index: cells.length, variant, place, year, seed, ...own }));
      });
  return cells;
}

/** How many cells `cellsOf` gives, without making them. */
export function countCells({ variants, axes = [], draws, weather, seeds }: Study): number {
  const others = (variants?.length ?? 1) * (draws?.count ?? 1) * (weather?.length ?? 1) * seeds.length;
  return axes.reduce((product, { values }) => product * values.length, others);
}

interface Making extends Pick<StudyCell, 'index' | 'draw' | 'drawn' | 'seed'> {
  readonly study: Study;
  readonly variant: NonNullable<Study['variants']>[number];
  /** [axes]: which value. */
  readonly place: readonly number[];
  readonly year: NonNullable<Study['weather']>[number] | null;
}

function cellOf({ study, index, variant, place, year, seed, draw, drawn }: Making): StudyCell {
  const chosen = (study.axes ?? []).map(({ id, keys, values }, axis) => ({ id, keys, value: values[place[axis] ?? 0] }));
  const axes = chosen.map(({ id, value }) => ({ id, label: labelOf(value) }));
  const group = [variant.id, ...axes.map(({ id, label }) => `${id}=${label}`)].join('/');
  return {
    index,
    variant: variant.id,
    axes,
    draw,
    drawn,
    weather: year?.id ?? null,
    weight: year?.weight ?? 1,
    seed,
    settings: [
      ...settingsOf(study.overrides ?? {}),
      ...settingsOf(variant.overrides),
      ...chosen.flatMap(({ keys, value }) => keys.map((key) => ({ key, value }))),
      ...drawn,
      ...settingsOf(year?.overrides ?? {}),
    ],
    acts: variant.acts ?? [],
    group,
    key: `${group}${draw === null ? '' : `/draw=${draw}`}${year === null ? '' : `/weather=${year.id}`}/seed=${seed}`,
  };
}

/** Overrides in the order they are written. */
export function settingsOf(overrides: Readonly<Record<string, unknown>>): readonly Setting[] {
  return Object.entries(overrides).map(([key, value]) => ({ key, value }));
}

/** A multiple of what is there, as a study writes it: `{ "times": 2 }`; null for any other value. */
export function timesIn(value: unknown): number | null {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1 || !('times' in value)) return null;
  return typeof value.times === 'number' ? value.times : null;
}

/** A value in a word: texts as they are, multiples as `x2`, everything else as JSON. */
export function labelOf(value: unknown): string {
  const times = timesIn(value);
  if (times !== null) return `x${times}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Every choice of one place out of each length, the last one running fastest; one empty choice where there are no lengths. */
function eachWithEach(lengths: readonly number[]): readonly (readonly number[])[] {
  return lengths.reduce<readonly (readonly number[])[]>(
    (choices, length) => choices.flatMap((choice) => Array.from({ length }, (_, place) => [...choice, place])),
    [[]],
  );
}
