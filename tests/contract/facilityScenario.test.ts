import { describe, expect, it } from 'vitest';
import { worldHash } from '../../shared/scenario/canonical.js';
import { plainFacility } from '../../shared/scenario/plain.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { checkedWorld } from '../../shared/scenario/validate.js';

/** The built-in world as a file would have it, its first campus with a facility, and more entries in its script and series. */
function file(
  facility: unknown,
  more: { readonly script?: readonly unknown[]; readonly series?: object; readonly limitMw?: number } = {},
): unknown {
  const [first, ...others] = threeAreas.campuses;
  const campus = { ...first, ...(more.limitMw === undefined ? {} : { limitMw: more.limitMw }), facility };
  return JSON.parse(
    JSON.stringify({
      ...threeAreas,
      campuses: [campus, ...others],
      script: [...threeAreas.script, ...(more.script ?? [])],
      series: { ...threeAreas.series, ...more.series },
    }),
  );
}

const dip = (target: string) => ({ atTime: '2027-07-13T18:00:07.500Z', action: 'dip-campus', target, reason: 'arrester' });
const first = threeAreas.campuses[0]?.id ?? '';
const second = threeAreas.campuses[1]?.id ?? '';

describe('the facility of a campus', () => {
  it('is filled in where it says nothing, and stays absent where there is none', () => {
    const world = checkedWorld(file({ battery: { powerMw: 50, energyMwh: 100 }, rideThrough: { dips: 2 } }), 'world.json');
    expect(world.campuses[0]?.facility).toEqual({
      ...plainFacility,
      battery: { ...plainFacility.battery, powerMw: 50, energyMwh: 100 },
      rideThrough: { dips: 2, windowSeconds: 60 },
    });
    expect('facility' in (world.campuses[1] ?? {})).toBe(false);
    expect(worldHash(checkedWorld(JSON.parse(JSON.stringify(threeAreas)), 'world.json'))).toBe(worldHash(threeAreas));
    expect(worldHash(world)).not.toBe(worldHash(threeAreas));
  });

  it('lets its backup carry for load targets where it says so alone', () => {
    const world = checkedWorld(file({ backupForTargets: true }), 'world.json');
    expect(world.campuses[0]?.facility?.backupForTargets).toBe(true);
    expect('backupForTargets' in (checkedWorld(file({}), 'world.json').campuses[0]?.facility ?? {})).toBe(false);
    expect(worldHash(world)).not.toBe(worldHash(checkedWorld(file({}), 'world.json')));
    expect(() => checkedWorld(file({ backupForTargets: 1 }), 'world.json')).toThrow(/facility.backupForTargets: found 1/);
  });

  it.each([100, 2_000])('fits a block of %d MW, and dips inside a tick', (limitMw) => {
    const generators = { powerMw: limitMw, startSeconds: 15, fuelHours: 24, usdPerMwh: 250 };
    const world = checkedWorld(file({ generators }, { limitMw, script: [dip(first)] }), 'world.json');
    expect(world.campuses[0]).toMatchObject({ limitMw, facility: { generators } });
  });

  const series = (values: readonly number[]) => ({
    weather: {
      startTime: threeAreas.clock.startTime,
      stepMinutes: 1440,
      values: Array.from({ length: 400 }, (_, day) => values[day % values.length]),
    },
  });
  it('takes temperatures below zero from a series', () => {
    const outside = { kind: 'series', series: 'weather' };
    expect(() => checkedWorld(file({ outside }, { series: series([-20, 5]) }), 'world.json')).not.toThrow();
  });

  it.each([
    [
      'a battery without energy',
      { battery: { powerMw: 10 } },
      {},
      'campuses[0].facility.battery.energyMwh: found 0, allowed: above 0, as powerMw is 10',
    ],
    [
      'a battery without power',
      { battery: { energyMwh: 10 } },
      {},
      'campuses[0].facility.battery.powerMw: found 0, allowed: above 0, as energyMwh is 10',
    ],
    [
      'a battery that gives more than it takes',
      { battery: { efficiencyRatio: 1.1 } },
      {},
      /efficiencyRatio: found 1.1, allowed: a number above 0 to 1/,
    ],
    [
      'generators without fuel',
      { generators: { powerMw: 10, fuelHours: 0 } },
      {},
      /generators.fuelHours: found 0, allowed: above 0, as powerMw is 10/,
    ],
    [
      'a coolant that comes back colder',
      { cooling: { returnC: 20 } },
      {},
      'campuses[0].facility.cooling.returnC: found 20, allowed: above supplyC, 27',
    ],
    [
      'a plant for a small part of the limit',
      { cooling: { ratedMw: 1 } },
      {},
      /cooling.ratedMw: found 1, allowed: at least a tenth of limitMw/,
    ],
    ['no dips', { rideThrough: { dips: 0 } }, {}, /rideThrough.dips: found 0, allowed: a whole number from 1 to 100/],
    ['another unit', { ups: { seconds: 300 } }, {}, 'campuses[0].facility.ups.seconds: found an unknown field, allowed: minutes'],
    ['weather of another kind', { outside: { kind: 'rain' } }, {}, /outside.kind: found "rain", allowed: "constant", "swing", "series"/],
    ['a series that is not there', { outside: { kind: 'series', series: 'x' } }, {}, /outside.series: found "x", an unknown series/],
    [
      'no temperature',
      { outside: { kind: 'series', series: 'weather' } },
      { series: series([5, 99.9]) },
      /series.weather.values\[1\]: found 99.9, allowed: a number in C from -70 to 70/,
    ],
    [
      'a dip of a campus without one',
      {},
      { script: [dip(second)] },
      new RegExp(`target: found "${second}", a campus without a facility, allowed: a campus with one`),
    ],
    ['a dip of nobody', {}, { script: [dip('nowhere')] }, new RegExp(`target: found "nowhere", an unknown campus, allowed: ${first}`)],
  ])('refuses %s in one line', (_, facility, more, message) => {
    expect(() => checkedWorld(file(facility, more), 'world.json')).toThrow(message);
  });
});
