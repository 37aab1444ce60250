import { describe, expect, it } from 'vitest';
import type { Fact, FactType } from '../../shared/domain/fact.js';
import { registry } from '../../shared/events/registry.js';
import { lineOf, seriesOf } from '../../shared/history/line.js';
import { planOf } from '../../shared/history/plan.js';
import { pointsOf, revisionOf, uncorrectedId, type FieldValue, type Point } from '../../shared/history/point.js';
import { addTo, areEqual, emptyTally, fieldsText } from '../../shared/history/tally.js';
import { instantOf, queryNamed, stepOf } from '../../shared/history/query.js';
import { queries } from '../../shared/history/queries.js';
import { holdDecision } from '../../services/history-writer/lag.js';
import { exampleFact } from '../support/facts.js';

const exampleOf = (type: string): Fact => exampleFact(type as FactType, 'test', 3);

/** Numbers of a value with the names on the way to them, members of arrays by their place. */
function numbersIn(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return [`${path}=${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => numbersIn(inner, `${path}.${name}`));
}

/** Data of a fact, read back from its points by the plan alone. */
function dataOf(type: string, points: readonly Point[]): unknown {
  const plan = planOf(type);
  const [base, ...members] = points;
  if (plan === null || base === undefined) throw new Error(`${type}: no points`);
  if (plan.isMilestone) return JSON.parse(String(base.fields['data']));
  const data: Record<string, unknown> = {};
  for (const { name } of plan.fields) data[name] = base.fields[name];
  for (const member of plan.members) {
    data[member.property] = members
      .filter((point) => point.measurement === member.measurement)
      .map((point) => ({ ...Object.fromEntries(member.tags.map((tag) => [tag, point.tags[tag]])), ...point.fields }));
  }
  return data;
}

/** Reads line protocol by its grammar, independently of the code that writes it. */
function parseLine(line: string): { series: string; fields: Record<string, FieldValue>; timeMs: number } {
  const end = /(?<!\\) /.exec(line)?.index ?? -1;
  const fields: Record<string, FieldValue> = {};
  let rest = line.slice(end + 1);
  while (true) {
    const match = /^([A-Za-z0-9_]+)=("(?:[^"\\]|\\.)*"|[^, ]+)(,| )/s.exec(rest);
    if (match?.[1] === undefined || match[2] === undefined) throw new Error(`not line protocol: ${rest}`);
    const text = match[2];
    fields[match[1]] = text.startsWith('"')
      ? text.slice(1, -1).replace(/\\(["\\])/g, '$1')
      : text === 't' || text === 'f'
        ? text === 't'
        : Number(text);
    rest = rest.slice(match[0].length);
    if (match[3] === ' ') return { series: line.slice(0, end), fields, timeMs: Number(rest) };
  }
}

describe('facts as points', () => {
  it.each(registry.map(({ type }) => type).filter((type) => type !== 'clock.mark.v1'))('%s keeps every number, and comes back', (type) => {
    const fact = exampleOf(type);
    const points = pointsOf(fact);
    expect(numbersIn(dataOf(type, points)).sort()).toEqual(numbersIn(fact.data).sort());
    for (const point of points) {
      expect(point.timeMs).toBe(fact.timeMs);
      expect(point.tags).toMatchObject({ region: 'west', entity: 'west' });
      const parsed = parseLine(lineOf(point));
      expect(parsed).toEqual({ series: seriesOf(point.measurement, point.tags), fields: point.fields, timeMs: fact.timeMs });
    }
    expect(Object.values(points[0]?.fields ?? {})).toEqual(expect.arrayContaining([fact.id, 'simulated', 3, 2, '']));
    expect(new Set(points.map((point) => `${seriesOf(point.measurement, point.tags)} ${point.timeMs}`)).size).toBe(points.length);
  });

  it('keeps milestones whole, arrays and nulls included', () => {
    const fact = exampleOf('training.settlement.v1');
    expect(dataOf(fact.type, pointsOf(fact))).toEqual(fact.data);
    const rate = exampleFact('clock.rate.v1', 'clock', 1, { mode: 'max', rate: null });
    expect(dataOf(rate.type, pointsOf(rate))).toEqual(rate.data);
    expect(pointsOf(rate)[0]?.fields).not.toHaveProperty('rate');
  });

  it('does not keep the marks of the clock', () => {
    expect(pointsOf(exampleOf('clock.mark.v1'))).toEqual([]);
  });

  it('gives totals and members measurements of their own', () => {
    const points = pointsOf(exampleOf('grid.supply.v1'));
    expect(points.map(({ measurement, tags }) => [measurement, tags['source'] ?? tags['unit'] ?? null])).toEqual([
      ['grid_supply', null],
      ['grid_supply_sources', 'nuclear'],
      ['grid_supply_units', 'central-nuclear-1'],
    ]);
  });

  it('never overwrites a fact by a repeat at the same instant', () => {
    const fact = exampleOf('grid.contingency.v1');
    const again = { ...fact, n: 1, id: fact.id.replace(/0$/, '1') } as Fact;
    const series = [fact, again].flatMap((each) => pointsOf(each).map((point) => seriesOf(point.measurement, point.tags)));
    expect(series).toEqual(['grid_contingency,entity=west,region=west', 'grid_contingency,entity=west,n=1,region=west']);
  });

  it('lets a correction overwrite what it corrects, and says so', () => {
    const fact = exampleOf('grid.demand.v1');
    const correction = { ...fact, id: `${fact.id}/r-0badcafe`, data: { ...fact.data, nativeMw: 1 } } as Fact;
    const [first, second] = [fact, correction].map((each) => pointsOf(each)[0]);
    expect(second?.tags).toEqual(first?.tags);
    expect(second?.fields).toMatchObject({ revision: 'r-0badcafe', nativeMw: 1 });
    expect(revisionOf(fact.id)).toBe('');
    expect(revisionOf('grid.demand.v1/r-1/1815436800000/0')).toBe('');
    expect(uncorrectedId(correction.id)).toBe(fact.id);
  });

  it('keeps a field of the fact under its name when the envelope has one of the same name', () => {
    const [point] = pointsOf(exampleOf('training.phase.v1'));
    expect(point?.fields).toMatchObject({ phase: 'holding', factPhase: 2 });
  });
});

describe('line protocol', () => {
  const base: Point = { measurement: 'grid_demand', tags: { region: 'west' }, fields: { nativeMw: 1 }, timeMs: 5 };

  it('keeps an entity that looks like line protocol inside its tag', () => {
    const line = lineOf({ ...base, tags: { region: 'west', entity: 'a,region=east nativeMw=9' } });
    expect(line).toBe('grid_demand,entity=a\\,region\\=east\\ nativeMw\\=9,region=west nativeMw=1 5');
  });

  it.each(['', 'a\nevil,region=x v=1 1', 'a\\', 'tab\there'])('refuses the tag %j, which line protocol cannot carry', (entity) => {
    expect(() => lineOf({ ...base, tags: { entity } })).toThrow(/tag entity/);
  });

  it.each(['plain', 'with "quotes"', 'back\\slash', '\\"', 'line\nbreak', 'a,b=c d', 'trailing\\', ''])(
    'carries the word %j unchanged',
    (word) => {
      expect(parseLine(lineOf({ ...base, fields: { reason: word } })).fields).toEqual({ reason: word });
    },
  );

  it.each([0.1 + 0.2, 1e21, 5e-324, -12.5, 123456789012345680])('carries the number %d unchanged', (value) => {
    expect(parseLine(lineOf({ ...base, fields: { netFlowMw: value } })).fields).toEqual({ netFlowMw: value });
  });

  it('refuses numbers that are not finite', () => {
    expect(() => lineOf({ ...base, fields: { nativeMw: Number.NaN } })).toThrow('nativeMw: NaN is not a finite number');
  });
});

describe('tallies', () => {
  it('are equal for equal sets in any order, and differ by one changed digit', () => {
    const texts = Array.from({ length: 1_000 }, (_, index) => `s${index} ${index} ${fieldsText({ b: index / 3, a: 'x' })}`);
    const of = (list: readonly string[]) => {
      const tally = emptyTally();
      for (const text of list) addTo(tally, text);
      return tally;
    };
    expect(areEqual(of(texts), of([...texts].reverse()))).toBe(true);
    expect(areEqual(of(texts), of(texts.with(500, `${texts[500]}0`)))).toBe(false);
    expect(areEqual(of(texts), of(texts.slice(1)))).toBe(false);
  });
});

describe('named queries', () => {
  it('ask only for measurements, tags and fields that facts are kept in', () => {
    const plans = registry.flatMap(({ type }) => planOf(type) ?? []);
    const kept = new Map<string, readonly string[]>();
    for (const plan of plans) {
      kept.set(plan.measurement, ['region', 'entity', ...plan.fields.map(({ name }) => name)]);
      for (const member of plan.members)
        kept.set(member.measurement, ['region', 'entity', ...member.tags, ...member.fields.map(({ name }) => name)]);
    }
    for (const query of Object.values(queries)) {
      if (query.kind === 'steps')
        expect(kept.get(query.measurement)).toEqual(expect.arrayContaining([...query.by, ...query.mean, ...query.last]));
    }
  });

  it('name what is allowed when a question is wrong', () => {
    expect(() => queryNamed('demnd')).toThrow(/history: found "demnd", allowed: demand, supply/);
    expect(() => queryNamed('constructor')).toThrow(/allowed/);
    expect(() => stepOf('1w')).toThrow(/--every: found "1w", allowed/);
    expect(() => instantOf('--from', 'yesterday')).toThrow(/--from: found "yesterday", allowed/);
    expect(instantOf('--from', '2027-07-13')).toBe(Date.parse('2027-07-13T00:00:00Z'));
    expect([stepOf('5m'), stepOf('1h'), stepOf('1d')]).toEqual([300_000, 3_600_000, 86_400_000]);
  });
});

describe('the hold for a historian that is behind', () => {
  it.each([
    [0.5, false, null],
    [0.8, false, null],
    [0.81, false, 'hold'],
    [0.7, true, 'hold'],
    [0.6, true, 'hold'],
    [0.59, true, 'release'],
  ] as const)('at lag %d, holding %s: %s', (ratio, isHolding, decision) => {
    expect(holdDecision(ratio, isHolding)).toBe(decision);
  });
});
