import { assimilate, expectedMw, followingOf, nothingMeasured, type Assimilated, type Following } from '../mirror/assimilate.js';
import type { FactOf, Saying } from '../fact.js';
import { fromWire } from '../ticks.js';
import { floatAt } from './dense.js';
import type { Frame } from './frame.js';
import type { Grid } from './grid.js';
import type { Interval } from './profiles.js';
import { published } from './published.js';
import type { GridState } from './state.js';

/** What is measured of the loads of a world; plain JSON. */
export interface Mirrored {
  /** [regions] */
  readonly regions: readonly Assimilated[];
  /** How far the newest measured load of each region was from what was expected, not yet said. */
  readonly unsaid: readonly Saying[];
}

/** [regions]: how measured load is followed; null where nothing is measured. */
export type Followings = readonly (Following | null)[];

/** The state after a measured load; what cannot be used changes nothing. */
export function hearTelemetry(frame: Frame, state: GridState, { region, data }: FactOf<'telemetry.demand.v1'>): GridState {
  const { regions } = frame.world;
  const place = regions.findIndex(({ id }) => id === region);
  if (place < 0 || data.demandMw === null) return state;
  const { regions: before, unsaid } = state.mirrored ?? { regions: regions.map(() => nothingMeasured), unsaid: [] };
  const interval = { fromMs: fromWire(data.fromTime), toMs: fromWire(data.toTime) };
  const modelMw = modelledMw(frame, interval)[place] ?? 0;
  const { known, divergence } = assimilate(before[place] ?? nothingMeasured, { ...interval, measuredMw: data.demandMw, modelMw });
  const { measuredMw, errorMw, usualErrorMw, biasMw } = divergence;
  const said: Saying = {
    type: 'grid.divergence.v1',
    region,
    entity: region,
    quality: 'estimated',
    data: {
      ...divergence,
      measuredMw: published(measuredMw),
      expectedMw: published(divergence.expectedMw),
      errorMw: published(errorMw),
      usualErrorMw: published(usualErrorMw),
      biasMw: published(biasMw),
    },
  };
  // A late one, or a correction of an older one, is taken in without a word: what is said is how far the twin is from now.
  const isNewest = known.pairs.at(-1)?.fromMs === interval.fromMs;
  return {
    ...state,
    mirrored: {
      regions: before.map((own, each) => (each === place ? known : own)),
      unsaid: isNewest ? [...unsaid.filter((other) => other.region !== region), said] : unsaid,
    },
  };
}

/** How the loads of a world are followed at a tick; undefined: none is measured. */
export function followingsOf({ mirrored }: GridState): Followings | undefined {
  return mirrored?.regions.map((known) => (known.pairs.length === 0 ? null : followingOf(known)));
}

/** Load of every bus, MW, after what is measured of its region: the buses keep their shares of it. Changes what it is given. */
export function followMeasured(grid: Grid, nativeMw: Float64Array, followings: Followings, { fromMs, toMs }: Interval): Float64Array {
  const totals = totalsOf(grid, nativeMw);
  const factors = followings.map((following, place) => {
    const modelMw = totals[place] ?? 0;
    return following === null || modelMw <= 0 ? 1 : expectedMw(following, modelMw, (fromMs + toMs) / 2) / modelMw;
  });
  for (let bus = 0; bus < nativeMw.length; bus++)
    nativeMw[bus] = floatAt(nativeMw, bus) * (factors[grid.regionOfBus[bus] as number] as number);
  return nativeMw;
}

function modelledMw(frame: Frame, interval: Interval): readonly number[] {
  return totalsOf(frame.grid, frame.surroundings.nativeMw(interval));
}

function totalsOf(grid: Grid, nativeMw: Float64Array): readonly number[] {
  const totals = grid.world.regions.map(() => 0);
  for (let bus = 0; bus < nativeMw.length; bus++) {
    const place = grid.regionOfBus[bus] as number;
    totals[place] = (totals[place] as number) + floatAt(nativeMw, bus);
  }
  return totals;
}
