import type { World } from '../../scenario/schema.js';
import { fromWire, hourMs } from '../ticks.js';
import type { Era } from './changes.js';
import { floatAt, intAt } from './dense.js';
import type { Grid } from './grid.js';
import { outageCalendar, plannedOutages } from './outages.js';
import { prepareProfile } from './profiles.js';

/** Load and availability of a grid hour by hour, from the start of its world; expected values where the world has noise. */
export interface Hours {
  readonly fromHour: number;
  readonly toHour: number;
  /** Load at every bus, written into [buses], MW. */
  loadMw(hour: number, into: Float64Array): void;
  /** What every unit could deliver, written into [units], MW. */
  availableMw(hour: number, into: Float64Array): void;
}

/** What an hourly table is made for: hours from `fromHour` up to `toHour`, and whether units fail by chance. */
export interface HoursWanted {
  readonly fromHour: number;
  readonly toHour: number;
  /** Null: no forced outages; planned ones hold in any case. */
  readonly outageSeed: number | null;
}

/** Prepares the hours of an era. A unit with a daily budget delivers it evenly over the day at most. */
export function hoursOf(world: Pick<World, 'series' | 'clock'>, grid: Grid, era: Era, wanted: HoursWanted): Hours {
  const { fromHour, toHour } = wanted;
  const count = toHour - fromHour;
  const startMs = fromWire(world.clock.startTime);
  const intervalOf = (hour: number) => ({ fromMs: startMs + hour * hourMs, toMs: startMs + (hour + 1) * hourMs });
  const { network, regions } = grid.world;
  const regionMw = regions.map((region, place) => {
    const profile = prepareProfile(region.load, Infinity, world);
    return Float64Array.from({ length: count }, (_, k) => (era.loadFactor[place] ?? 1) * profile.meanMw(intervalOf(fromHour + k), 0));
  });
  const firmMw = Float64Array.from(network.units, (unit) =>
    unit.dailyEnergyMwh === null ? unit.capacityMw : Math.min(unit.capacityMw, unit.dailyEnergyMwh / 24),
  );
  const hourly: { readonly unit: number; readonly mw: Float64Array }[] = [];
  network.units.forEach((unit, place) => {
    const calendar = outageCalendar(
      { seed: wanted.outageSeed ?? 0, entity: unit.id, startMs },
      wanted.outageSeed === null ? null : unit.forcedOutage,
      plannedOutages(unit.maintenance),
    );
    const isSteady =
      unit.availability === null && unit.maintenance.length === 0 && (wanted.outageSeed === null || unit.forcedOutage === null);
    if (isSteady) return;
    const profile = unit.availability === null ? null : prepareProfile(unit.availability, unit.capacityMw, world);
    const mw = Float64Array.from({ length: count }, (_, k) => {
      const interval = intervalOf(fromHour + k);
      if (calendar.isOutAt((interval.fromMs + interval.toMs) / 2)) return 0;
      return Math.min(floatAt(firmMw, place), profile?.meanMw(interval, 0) ?? Infinity);
    });
    hourly.push({ unit: place, mw });
  });
  const share = Float64Array.from(network.buses, (bus) => bus.loadShareRatio);
  const fixedMw = Float64Array.from(network.buses, (bus) => bus.fixedLoadMw + bus.shuntMw);
  const regionOfBus = Int32Array.from(grid.regionOfBus);
  return {
    fromHour,
    toHour,
    loadMw: (hour, into) => {
      for (let bus = 0; bus < into.length; bus++)
        into[bus] =
          floatAt(share, bus) * floatAt(regionMw[intAt(regionOfBus, bus)] as Float64Array, hour - fromHour) + floatAt(fixedMw, bus);
    },
    availableMw: (hour, into) => {
      into.set(firmMw);
      for (const { unit, mw } of hourly) into[unit] = floatAt(mw, hour - fromHour);
    },
  };
}
