import { settingsOf, type Setting, type StudyCell } from '../../domain/study/cells.js';
import { hypercube } from '../../domain/study/hypercube.js';
import type { World } from '../schema.js';
import { refuse, type Misfit } from '../shape.js';
import { checkedWorld } from '../validate.js';
import { withSettings } from './overrides.js';
import type { Study } from './schema.js';

/** The base of a study on its own clock: from its horizon, at its tick, without a hold. */
export function studyWorld(base: World, { horizon, tickMinutes }: Study): World {
  const { clock } = base;
  return {
    ...base,
    clock: {
      ...clock,
      startTime: horizon.fromTime ?? clock.startTime,
      tickMinutes: tickMinutes ?? clock.tickMinutes,
      rate: 'max',
      holdAtTime: null,
    },
  };
}

/**
 * The world of a cell, checked as a whole, with what is done to it on the way.
 * @throws TWIN_WRONG_INPUT with one line that begins with `place`.
 */
export function cellWorld(base: World, cell: Pick<StudyCell, 'settings' | 'seed' | 'acts'>, place: string): World {
  const made = withSettings(base, cell.settings);
  if (made.kind === 'misfit') return refuse(place, made.misfit);
  const world = checkedWorld(made.world, place);
  if (cell.acts.length > 0) checkedWorld({ ...world, script: cell.acts }, `${place}, acts`);
  return { ...world, seed: cell.seed };
}

/** A setting of a study file: where it stands, and the ways in which it comes about, of which one has to be possible. */
export interface PlacedSetting {
  readonly field: string;
  /** Each ends with the setting itself, made on what stands before it. */
  readonly ways: readonly (readonly Setting[])[];
}

/** Every setting that a study writes down: overrides on what stands before them, axes and draws on the overrides of each variant. */
export function placedSettings(study: Study): readonly PlacedSetting[] {
  const overrides = settingsOf(study.overrides ?? {});
  const variants = (study.variants ?? []).map((variant) => settingsOf(variant.overrides));
  const bases = variants.length === 0 ? [overrides] : variants.map((own) => [...overrides, ...own]);
  return [
    ...overrides.map(({ key }, place) => ({ field: `overrides.${key}`, ways: [overrides.slice(0, place + 1)] })),
    ...variants.flatMap((own, variant) =>
      own.map(({ key }, place) => ({
        field: `variants[${variant}].overrides.${key}`,
        ways: [[...overrides, ...own.slice(0, place + 1)]],
      })),
    ),
    ...(study.axes ?? []).flatMap(({ keys, values }, axis) =>
      values.map((value, place) => ({
        field: `axes[${axis}].values[${place}]`,
        ways: bases.map((before) => [...before, ...keys.map((key) => ({ key, value }))]),
      })),
    ),
    ...(study.weather ?? []).flatMap(({ overrides: ofYear }, year) => {
      const own = settingsOf(ofYear);
      return own.map(({ key }, place) => ({
        field: `weather[${year}].overrides.${key}`,
        ways: bases.map((before) => [...before, ...own.slice(0, place + 1)]),
      }));
    }),
    ...(study.draws === undefined ? [] : hypercube(study.draws)).flatMap((drawn) =>
      drawn.map((own, place) => ({
        field: `draws.of[${place}]`,
        ways: bases.map((before) => [...before, ...drawn.slice(0, place), own]),
      })),
    ),
  ];
}

/** What is wrong with a setting in every way it comes about, by the first; null when it is possible. */
export function misfitOfSetting(base: World, { ways }: PlacedSetting): Misfit | null {
  const misfits = ways.map((settings) => withSettings(base, settings)).map((made) => (made.kind === 'misfit' ? made.misfit : null));
  return misfits.includes(null) ? null : (misfits[0] ?? null);
}
