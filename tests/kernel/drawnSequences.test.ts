import { describe, expect, it } from 'vitest';
import { stamp, type Fact, type FactDataOf, type FactOf } from '../../shared/domain/fact.js';
import { draw } from '../../shared/domain/random.js';
import { toWire } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { smallContract, smallStartMs, smallWorld } from '../support/worlds.js';

/** Sequences of what people and outside systems may ask for, drawn by number; LOADSTONE_SEQUENCES=5000 by hand. */
const sequences = Number(process.env['LOADSTONE_SEQUENCES'] ?? 1_000);
const ticks = 14;
const tickMs = 300_000;

const solver = await loadHighsSolver();
const world = smallWorld({
  seed: 3,
  contracts: [
    smallContract({ eventsPerYear: 2, maxEventHours: 0.5, noticeMinutes: 0, rampMinutes: 5 }),
    smallContract({
      id: 'contract-2',
      tranche: 'pause',
      maxReductionMw: 15,
      strikeUsdPerMwh: 900,
      noticeMinutes: 5,
      rampMinutes: 10,
      eventsPerYear: 3,
    }),
  ],
});

type Audit = FactDataOf['control.audit.v1'];

/** What is asked for before a tick of a sequence; mostly nothing. */
function askedOf(sequence: number, tick: number): readonly Omit<Audit, 'actor' | 'reason' | 'accepted'>[] {
  const at = (purpose: string): number => draw({ seed: sequence, component: 'test', entity: purpose, purpose: 'act', n: tick });
  if (at('whether') < 0.45) return [];
  const pick = <Value>(list: readonly Value[], purpose: string): Value => list[Math.floor(at(purpose) * list.length)] as Value;
  const kind = pick(
    [
      'curtail',
      'curtail',
      'curtail',
      'limit',
      'extend',
      'release',
      'pause',
      'resume',
      'trip',
      'return',
      'leave',
      'back',
      'silence',
      'restore',
      'spoil',
      'line',
      'mend',
    ],
    'kind',
  );
  const plain = (action: Audit['action'], target: string) => [{ action, target, amountMw: null }];
  const inMinutes = (minutes: number): string => toWire(smallStartMs + (tick + 1) * tickMs + minutes * 60_000);
  const request = `r${tick}`;
  const earlier = `r${Math.floor(at('earlier') * Math.max(1, tick))}`;
  switch (kind) {
    case 'curtail':
    case 'limit':
      return [
        {
          action: 'curtail-campus',
          target: 'campus-1',
          amountMw: Math.round(1 + at('mw') * 60),
          request,
          ...(kind === 'limit' ? { targetKind: 'limit' as const } : {}),
          ...(at('later') < 0.4 ? { fromTime: inMinutes(5 * Math.floor(at('from') * 4)) } : {}),
          ...(at('ends') < 0.7 ? { untilTime: inMinutes(20 + 5 * Math.floor(at('until') * 6)) } : {}),
          ...(at('ramps') < 0.5 ? { rampMinutes: 5 * Math.floor(at('ramp') * 4) } : {}),
          ...(at('best') < 0.4 ? { isBestEffort: true } : {}),
        },
      ];
    case 'extend':
      return [{ action: 'extend-campus', target: 'campus-1', amountMw: null, request: earlier, untilTime: inMinutes(40) }];
    case 'release':
      return [{ action: 'release-campus', target: 'campus-1', amountMw: null, ...(at('one') < 0.6 ? { request: earlier } : {}) }];
    case 'pause':
      return plain('pause-run', 'run-1');
    case 'resume':
      return plain('resume-run', 'run-1');
    case 'trip':
      return plain('trip-unit', pick(['cheap', 'middle', 'dear'], 'unit'));
    case 'return':
      return plain('return-unit', pick(['cheap', 'middle', 'dear'], 'unit'));
    case 'line':
      return plain('trip-line', pick(['a-b', 'a-c', 'b-c'], 'line'));
    case 'mend':
      return plain('return-line', pick(['a-b', 'a-c', 'b-c'], 'line'));
    case 'leave':
      return plain('trip-campus', 'campus-1');
    case 'back':
      return plain('return-campus', 'campus-1');
    case 'silence':
      return plain('silence-campus', 'campus-1');
    case 'restore':
      return plain('restore-campus', 'campus-1');
    case 'spoil':
      return plain('fail-checkpoint', 'run-1');
  }
  return [];
}

function factsOf(sequence: number): readonly Fact[] {
  const fast = createWholeWorld(world, solver);
  const facts: Fact[] = [];
  for (let tick = 0; tick < ticks; tick++) {
    facts.push(...fast.tick());
    for (const act of askedOf(sequence, tick)) {
      const data: Audit = { ...act, actor: 'test', reason: `sequence ${sequence}`, accepted: true };
      const at = { component: 'api', tick, phase: 3, startMs: smallStartMs + tick * tickMs, counts: {} } as const;
      const [fact] = stamp([{ type: 'control.audit.v1', region: 'all', entity: act.target, data }], at).facts;
      fast.inject(fact as FactOf<'control.audit.v1'> as Fact);
      if (/campus/.test(act.action)) facts.push(...fast.between(smallStartMs + tick * tickMs + 60_000));
    }
  }
  return facts;
}

/** Where a request, a breach or an alarm may go from where it stands; absent: it is not known. */
const requestWays: Readonly<Record<string, readonly string[]>> = {
  '': ['scheduled', 'active', 'refused'],
  scheduled: ['active', 'extended', 'released', 'ended', 'refused'],
  // Refused while active: the campus says that it can give nothing.
  active: ['extended', 'released', 'ended', 'refused'],
  extended: ['extended', 'active', 'released', 'ended', 'refused'],
};
const breachWays: Readonly<Record<string, readonly string[]>> = {
  '': ['active'],
  active: ['escalated', 'resolved'],
  escalated: ['resolved'],
  resolved: ['active'],
};

/** What is wrong with the facts of a world; nothing with those of one that holds. */
function wrongIn(facts: readonly Fact[]): readonly string[] {
  const wrong: string[] = [];
  const stands = new Map<string, string>();
  const go = (what: string, ways: Readonly<Record<string, readonly string[]>>, to: string): void => {
    const from = stands.get(what) ?? '';
    if (!(ways[from] ?? []).includes(to)) wrong.push(`${what}: from ${from || 'nothing'} to ${to}`);
    stands.set(what, to);
  };
  const ids = new Set<string>();
  let epoch = -1;
  let served = new Map<string, number>();
  for (const fact of facts) {
    if (ids.has(fact.id)) wrong.push(`${fact.id} twice`);
    ids.add(fact.id);
    switch (fact.type) {
      case 'control.request.v1':
        go(`request ${fact.data.request}`, requestWays, fact.data.state);
        break;
      case 'control.breach.v1':
        go(`breach of ${fact.entity}`, breachWays, fact.data.state);
        break;
      case 'control.loadtarget.v1':
        for (const target of fact.data.targets) {
          if (target.epoch < epoch) wrong.push(`tick ${fact.tick}: epoch ${target.epoch} after ${epoch}`);
          epoch = Math.max(epoch, target.epoch);
        }
        break;
      case 'grid.demand.v1':
        served = new Map([...served, [`${fact.region}/${fact.tick}`, fact.data.demandMw - fact.data.unservedMw]]);
        break;
      case 'cluster.power.v1':
        for (const { campus, endMw, meanMw, limitMw } of fact.data.campuses)
          if (endMw > limitMw + 1e-6 || meanMw < -1e-9) wrong.push(`tick ${fact.tick}: ${campus} draws ${endMw} MW of ${limitMw}`);
        break;
      case 'cluster.progress.v1':
        for (const { run, completedSteps, checkpointedSteps } of fact.data.runs) {
          if (completedSteps < checkpointedSteps) wrong.push(`tick ${fact.tick}: ${run} at ${completedSteps}, saved ${checkpointedSteps}`);
          const before = Number(stands.get(`saved ${run}`) ?? 0);
          if (checkpointedSteps < before) wrong.push(`tick ${fact.tick}: ${run} saved ${checkpointedSteps} after ${before}`);
          stands.set(`saved ${run}`, String(checkpointedSteps));
        }
        break;
      default:
        break;
    }
  }
  for (const fact of facts) {
    if (fact.type !== 'grid.supply.v1') continue;
    const { generationMw, dischargeMw, chargeMw, importMw, exportMw } = fact.data;
    const offMw = generationMw + dischargeMw + importMw - chargeMw - exportMw - (served.get(`${fact.region}/${fact.tick}`) ?? Number.NaN);
    if (!(Math.abs(offMw) < 1e-3)) wrong.push(`tick ${fact.tick}: ${fact.region} is ${offMw} MW out of balance`);
  }
  return wrong;
}

describe('whatever is asked for in whatever order', () => {
  it(`requests, breaches, load targets, runs and the grid go legal ways only, in ${sequences} drawn sequences`, () => {
    const found: string[] = [];
    const seen = new Map<string, number>();
    for (let sequence = 0; sequence < sequences && found.length < 5; sequence++) {
      const facts = factsOf(sequence);
      for (const line of wrongIn(facts)) found.push(`sequence ${sequence}: ${line}`);
      for (const fact of facts)
        if (fact.type === 'control.request.v1' || fact.type === 'control.breach.v1') {
          const way = `${fact.type} ${fact.data.state}`;
          seen.set(way, (seen.get(way) ?? 0) + 1);
        }
    }
    expect(found).toEqual([]);
    // Every state is really reached.
    for (const state of ['scheduled', 'active', 'extended', 'released', 'ended'])
      expect(seen.get(`control.request.v1 ${state}`) ?? 0, state).toBeGreaterThan(20);
    for (const state of ['active', 'escalated', 'resolved']) expect(seen.get(`control.breach.v1 ${state}`) ?? 0, state).toBeGreaterThan(20);
  }, 240_000);

  it('a sequence that went another way would be found', () => {
    const facts = factsOf(1);
    const of = (type: Fact['type']): Fact => {
      const found = facts.find((fact) => fact.type === type);
      if (found === undefined) throw new Error(type);
      return found;
    };
    const supply = of('grid.supply.v1') as FactOf<'grid.supply.v1'>;
    const power = of('cluster.power.v1') as FactOf<'cluster.power.v1'>;
    const planted: readonly Fact[] = [
      { ...supply, id: 'x', data: { ...supply.data, generationMw: supply.data.generationMw + 1 } } as Fact,
      { ...power, id: 'y', data: { campuses: power.data.campuses.map((own) => ({ ...own, endMw: own.limitMw + 1 })) } } as Fact,
      supply as Fact,
    ];
    for (const fact of planted) expect(wrongIn([...facts, fact]).length).toBe(1);
  });
});
