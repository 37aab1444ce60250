import { describe, expect, it } from 'vitest';
import { frequencyAfter } from '../../shared/domain/security/frequency.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { dataOf, runGrid, want } from '../support/gridRun.js';
import { flatSeries, smallLine, smallUnit, smallWorld } from '../support/worlds.js';

const solver = await loadHighsSolver();
const base = smallWorld();
const script = (minute: number, action: 'trip-line' | 'return-line' | 'trip-unit', target: string): World['script'][number] => ({
  atTime: new Date(Date.parse(base.clock.startTime) + minute * 60_000).toISOString(),
  action,
  target,
  reason: 'test',
});

/** The ring of the small world with its own units and lines, 40 MW of campus at c. */
function factsOf(network: Partial<World['network']>, ticks = 1, rest: Partial<World> = {}) {
  const world = smallWorld({ network: { ...base.network, ...network }, ...rest });
  return runGrid(world, solver, { ticks, around: () => ({ before: [want('south', 'campus-1', 40)] }) }).ticks;
}

describe('the N-1 badge', () => {
  it('holds while the worst outage leaves every line below its long-term emergency rating, and says how near it comes', () => {
    // 170 MW leave bus a over two lines of 240 MW; the loss of either puts all of it on the other.
    const security = dataOf(factsOf({})[0], 'grid.security.v1');
    expect(security).toMatchObject({
      isSecure: true,
      violatedPairs: 0,
      worstLine: 'a-c',
      worstOutage: 'a-b',
      islandedMw: 0,
      pairs: [],
      islanding: [],
    });
    expect(security.worstLoadingRatio).toBeCloseTo(170 / 240, 6);
    expect(security.sentence).toBe('N-1 holds: most loaded a-c at 71 % after the loss of a-b.');
  });

  it('falls when an outage brings a line above it, with every pair and the worst one; the state word does not follow', () => {
    // 250 MW leave bus a: too much for either line alone.
    const series = { 'north-load': flatSeries(60), 'south-load': flatSeries(180) };
    const lines = base.network.lines.map((line) => (line.id === 'a-c' ? { ...line, emergencyRatingMw: 245 } : line));
    const [facts] = factsOf({ lines }, 1, { series });
    const security = dataOf(facts, 'grid.security.v1');
    expect(security).toMatchObject({ isSecure: false, violatedPairs: 2, violatedOutages: 2, worstLine: 'a-b', worstOutage: 'a-c' });
    expect(security.pairs.map(({ line, outage, ratingMw }) => [line, outage, ratingMw])).toEqual([
      ['a-b', 'a-c', 240],
      ['a-c', 'a-b', 245],
    ]);
    expect(security.pairs[0]?.netFlowMw).toBeCloseTo(250, 6);
    expect(security.pairs[0]?.loadingRatio).toBeCloseTo(250 / 240, 6);
    expect(security.sentence).toBe('N-1: 2 pairs above the long-term emergency rating, worst a-b at 104 % after the loss of a-c.');
    expect(dataOf(facts, 'grid.reserve.v1').state).toBe('normal');
  });

  it('lists what lines without a way round interrupt, worst first', () => {
    // Without a-b everything goes a-c-b: 170 MW into c, 30 MW on to b.
    const security = dataOf(factsOf({}, 1, { script: [script(0, 'trip-line', 'a-b')] })[0], 'grid.security.v1');
    expect(security).toMatchObject({ isSecure: true, worstLine: null, worstOutage: null, worstLoadingRatio: 0 });
    expect(security.islandedMw).toBeCloseTo(170, 6);
    expect(security.islanding.map(({ line, cutOffLoadMw }) => [line, cutOffLoadMw])).toEqual([
      ['a-c', 30],
      ['b-c', 30],
    ]);
    expect(security.islanding[1]?.interruptedMw).toBeCloseTo(30, 6);
    expect(security.sentence).toContain('The loss of a-c, which has no way round, interrupts 170 MW.');
  });

  it('counts what the loss of a unit does apart from what the loss of a line does', () => {
    // 280 MW of load; local gives 100 of them at c, and when it is gone cheap sends them from a: 156.67 MW over a-c.
    const units = [smallUnit('cheap', 'a', 300, 10), smallUnit('local', 'c', 100, 5)];
    const lines = base.network.lines.map((line) => (line.id === 'a-c' ? { ...line, emergencyRatingMw: 152 } : line));
    const series = { 'north-load': flatSeries(60), 'south-load': flatSeries(180) };
    const security = dataOf(factsOf({ units, lines }, 1, { series })[0], 'grid.security.v1');
    expect(security).toMatchObject({ isSecure: true, worstLine: 'a-c', worstOutage: 'a-b' });
    expect(security.worstLoadingRatio).toBeCloseTo(150 / 152, 6);
    expect(security).toMatchObject({ lossViolatedPairs: 1, worstLossLine: 'a-c', worstLoss: 'local' });
    expect(security.worstLossLoadingRatio).toBeCloseTo((250 * 2 - 30) / 3 / 152, 6);
    expect(security.sentence).toContain('After the loss of a unit or DC link: 1 pair, worst a-c at 103 % after the loss of local.');
  });

  it('names a DC link that is lost', () => {
    const units = [smallUnit('cheap', 'a', 300, 10)];
    const lines = [smallLine('a-c', 'a', 'c', 100), smallLine('b-c', 'b', 'c', 200)];
    const links = [{ id: 'dc', fromBus: 'a', toBus: 'c', capacityMw: 200, reverseCapacityMw: null, scheduledMw: null }];
    const security = dataOf(factsOf({ units, lines, links })[0], 'grid.security.v1');
    // a-c carries at most 100 of the 170 MW that leave a; without the link it would have to carry all of them.
    expect(security).toMatchObject({ worstLossLine: 'a-c', worstLoss: 'dc', lossViolatedPairs: 1 });
    expect(security.worstLossLoadingRatio).toBeCloseTo(170 / 120, 6);
  });

  it('lists ten radial lines at most', () => {
    const more = Array.from({ length: 12 }, (_, k) => `s${k}`);
    const bus = base.network.buses[2] as World['network']['buses'][number];
    const buses = [...base.network.buses, ...more.map((id, k) => ({ ...bus, id, name: id, loadShareRatio: 0, fixedLoadMw: k + 1 }))];
    const lines = [...base.network.lines, ...more.map((id) => smallLine(`spur-${id}`, 'c', id, 50))];
    const security = dataOf(factsOf({ buses, lines })[0], 'grid.security.v1');
    expect(security.islanding.map(({ line }) => line)).toEqual(
      more
        .slice(2)
        .reverse()
        .map((id) => `spur-${id}`),
    );
    expect(security.islandedMw).toBeCloseTo(12, 6);
  });
});

describe('what frequency would do', () => {
  const units = [
    smallUnit('cheap', 'a', 300, 10, { inertiaMws: 9_000, minMw: 60 }),
    smallUnit('local', 'c', 100, 5, { inertiaMws: 4_000, source: 'coal' }),
    smallUnit('cold', 'b', 100, 90, { inertiaMws: 50_000 }),
  ];
  const frequency = { ...base.frequency, externalInertiaMws: 20_000, externalResponseMwPerTenthHz: 100 };
  // 199 MW of load: local 100, cheap 99; cold does not turn.
  const series = { 'north-load': flatSeries(60), 'south-load': flatSeries(99) };
  const running = [
    { outputMw: 99, availableMw: 300, minMw: 60, inertiaMws: 9_000, governor: 'gas' as const },
    { outputMw: 100, availableMw: 100, minMw: 0, inertiaMws: 4_000, governor: 'steam' as const },
  ];

  it('follows the loss of the largest unit and of the largest campus load at one bus, tied and as an island', () => {
    const campus = base.campuses[0] as World['campuses'][number];
    const campuses = [campus, { ...campus, id: 'campus-2' }, { ...campus, id: 'campus-3', bus: 'a' }];
    const wants = [want('south', 'campus-1', 20), want('south', 'campus-2', 15), want('north', 'campus-3', 5)];
    const world = smallWorld({ network: { ...base.network, units }, frequency, campuses, series });
    const { ticks } = runGrid(world, solver, { ticks: 1, around: () => ({ before: wants }) });
    const said = dataOf(ticks[0], 'grid.frequency.v1');
    expect(said).toMatchObject({ isIsland: false, onlineInertiaMws: 13_000, outsideInertiaMws: 20_000 });
    expect(said.courses.map(({ outside, loss, lost }) => [outside, loss, lost])).toEqual([
      ['tied', 'unit', 'local'],
      ['tied', 'campuses', 'c'],
      ['island', 'unit', 'local'],
      ['island', 'campuses', 'c'],
    ]);
    // Rate of the first instant: MW * 60 Hz / (2 * energy left).
    expect(said.courses.map(({ rateHzPerSecond }) => rateHzPerSecond)).toEqual(
      [(100 * 60) / (2 * 29_000), (35 * 60) / (2 * 33_000), (100 * 60) / (2 * 9_000), (35 * 60) / (2 * 13_000)].map((rate) =>
        expect.closeTo(rate, 9),
      ),
    );
  });

  it('is the course of the units that run at that tick, followed in finer steps, within 2 mHz', () => {
    const said = dataOf(factsOf({ units }, 1, { frequency, series })[0], 'grid.frequency.v1');
    const outside = { inertiaMws: 20_000, responseMwPerTenthHz: 100 };
    const losses = [{ kind: 'unit', unit: 1 } as const, { kind: 'load', mw: 40 } as const];
    const fine = [outside, null].flatMap((neighbour) =>
      losses.map((loss) => frequencyAfter({ units: running, loadMw: 199, outside: neighbour }, loss, { horizonSeconds: 40 })),
    );
    for (const [place, course] of fine.entries()) {
      const coarse = said.courses[place];
      if (course.kind !== 'course' || coarse === undefined) throw new Error('no course');
      expect(Math.abs(coarse.lowestHz - course.lowestHz)).toBeLessThan(0.002);
      expect(Math.abs(coarse.highestHz - course.highestHz)).toBeLessThan(0.002);
      expect(coarse.shedMw).toBeCloseTo(course.shedMw, 6);
      expect(coarse.trippedMw).toBeCloseTo(course.trippedMw, 6);
    }
    expect(said.courses[2]?.lowestHz).toBeLessThan((said.courses[0]?.lowestHz ?? 0) - 0.01);
    expect(said.sentence).toMatch(
      /^Loss of local \(100 MW\): 0\.10 Hz\/s, lowest 59\.\d\d Hz, no load shed\. Loss of the campuses at c \(40 MW\)/,
    );
  });

  it('sheds load and collapses where an island has little that turns', () => {
    const weak = [smallUnit('cheap', 'a', 120, 10, { inertiaMws: 400 }), smallUnit('local', 'c', 100, 5, { inertiaMws: 300 })];
    const island = { ...base.frequency, island: true };
    const said = dataOf(factsOf({ units: weak }, 1, { frequency: island, series })[0], 'grid.frequency.v1');
    expect(said).toMatchObject({ isIsland: true, outsideInertiaMws: 0 });
    expect(said.courses.map(({ outside }) => outside)).toEqual(['island', 'island']);
    // Five steps of 5 % of 199 MW do not make up for 100 MW in time.
    expect(said.courses[0]).toMatchObject({ lost: 'local', isCollapsed: true });
    expect(said.courses[0]?.shedMw).toBeGreaterThan(0);
    expect(said.sentence).toContain('then collapse');
  });

  it('has nothing to say where nothing turns', () => {
    const said = dataOf(factsOf({}, 1, { frequency: { ...base.frequency, island: true } })[0], 'grid.frequency.v1');
    expect(said).toMatchObject({ courses: [], sentence: 'Nothing that runs has inertia.', onlineInertiaMws: 0 });
  });
});

describe('badge and frequency', () => {
  it('come as often as the scenario says, and at once after a trip, a return or a change of the grid', () => {
    const changes: World['network']['changes'] = [{ kind: 'retire-unit', atTime: script(35, 'trip-line', '').atTime, unit: 'middle' }];
    const rest = {
      security: { ...base.security, everyTicks: 4 },
      frequency: { ...base.frequency, everyTicks: 6 },
      script: [script(15, 'trip-line', 'b-c'), script(25, 'return-line', 'b-c')],
    };
    const ticks = factsOf({ changes }, 10, rest);
    const at = (type: string): number[] => ticks.flatMap((facts, tick) => (facts.some((fact) => fact.type === type) ? [tick] : []));
    expect(at('grid.security.v1')).toEqual([0, 3, 4, 5, 7, 8]);
    expect(at('grid.frequency.v1')).toEqual([0, 3, 5, 6, 7]);
    expect(at('grid.reserve.v1').length).toBe(10);
  });
});
