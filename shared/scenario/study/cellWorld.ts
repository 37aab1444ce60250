import { settingsOf, type Setting, type StudyCell } from '../../domain/study/cells.js';
import type { World } from '../schema.js';
import { refuse } from '../shape.js';
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
 * The world of a cell, checked as a whole.
 * @throws TWIN_WRONG_INPUT with one line that begins with `place`.
 */
export function cellWorld(base: World, cell: Pick<StudyCell, 'settings' | 'seed'>, place: string): World {
  const made = withSettings(base, cell.settings);
  if (made.kind === 'misfit') return refuse(place, made.misfit);
  return { ...checkedWorld(made.world, place), seed: cell.seed };
}

/** Settings of a study file that are tried together, and where they stand. */
export interface PlacedSettings {
  readonly field: string;
  readonly settings: readonly Setting[];
}

/** Every setting that a study writes down by itself, on top of its overrides; what overrides say among themselves comes first. */
export function singleSettings(study: Study): readonly PlacedSettings[] {
  const overrides = settingsOf(study.overrides ?? {});
  return [
    ...overrides.map((own, place) => ({ field: `overrides.${own.key}`, settings: overrides.slice(0, place + 1) })),
    ...(study.variants ?? []).flatMap((variant, place) => {
      const all = settingsOf(variant.overrides);
      return all.map((own, k) => ({
        field: `variants[${place}].overrides.${own.key}`,
        settings: [...overrides, ...all.slice(0, k + 1)],
      }));
    }),
    ...axisSettings(study, overrides),
  ];
}

/** The settings that a world of the study has together at least: all overrides, with those of one variant, or one value of one axis. */
export function wholeSettings(study: Study): readonly PlacedSettings[] {
  const overrides = settingsOf(study.overrides ?? {});
  return [
    { field: 'overrides', settings: overrides },
    ...(study.variants ?? []).map((variant, place) => ({
      field: `variants[${place}].overrides`,
      settings: [...overrides, ...settingsOf(variant.overrides)],
    })),
    ...axisSettings(study, overrides),
  ];
}

function axisSettings({ axes = [] }: Study, overrides: readonly Setting[]): readonly PlacedSettings[] {
  return axes.flatMap(({ keys, values }, axis) =>
    values.map((value, place) => ({
      field: `axes[${axis}].values[${place}]`,
      settings: [...overrides, ...keys.map((key) => ({ key, value }))],
    })),
  );
}
