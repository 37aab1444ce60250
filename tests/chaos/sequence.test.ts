import { beforeAll, describe, expect, it } from 'vitest';
import { readStream } from '../../shared/bus/read.js';
import type { Fact, FactOf, FactType } from '../../shared/domain/fact.js';
import { fromWire, hourMs, minuteMs, toWire } from '../../shared/domain/ticks.js';
import { draw } from '../../shared/domain/random.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { startTwin, worldLines, type TestTwin } from '../support/twin.js';

/** Every step of a curtailment, from the load target to its settlement, as the fact it is known by. */
const steps: readonly { readonly name: string; is(fact: Fact): boolean }[] = [
  { name: 'load target', is: (fact) => fact.type === 'control.loadtarget.v1' && fact.data.targets.some(({ epoch }) => epoch === 1) },
  { name: 'plan', is: (fact) => fact.type === 'cluster.plan.v1' },
  { name: 'answer', is: (fact) => fact.type === 'control.outcome.v1' },
  { name: 'throttle', is: (fact) => fact.type === 'cluster.throttle.v1' },
  { name: 'checkpoint', is: (fact) => fact.type === 'cluster.checkpoint.v1' },
  { name: 'pause', is: (fact) => fact.type === 'cluster.pause.v1' },
  { name: 'holding', is: (fact) => fact.type === 'training.phase.v1' && fact.data.phase === 'holding' },
  { name: 'resuming', is: (fact) => fact.type === 'training.phase.v1' && fact.data.phase === 'resuming' },
  { name: 'command', is: (fact) => fact.type === 'control.command.v1' },
  { name: 'resume', is: (fact) => fact.type === 'cluster.resume.v1' },
  { name: 'second stage', is: (fact) => fact.type === 'control.command.v1' && fact.data.stage === 2 },
  { name: 'verification', is: (fact) => fact.type === 'training.verification.v1' },
  { name: 'settlement', is: (fact) => fact.type === 'training.settlement.v1' },
];
const victims = ['worker', 'cluster-demand', 'nats-server'] as const;

/** `LOADSTONE_DRILL=all`: each of them is killed at every step; else once each, at steps drawn by the seed, which may be given. */
const isFull = process.env['LOADSTONE_DRILL'] === 'all';
const seed = Number(process.env['LOADSTONE_DRILL_SEED'] ?? 1);
const ticks = 12 * 14;
const untilTime = toWire(fromWire(threeAreas.clock.startTime) + (ticks / 12) * hourMs);

type Kill = { readonly step: number; readonly victim: (typeof victims)[number] };

/** Kills of one run of the twin, in the order of steps. */
function killsOf(run: number): readonly Kill[] {
  if (isFull) return steps.map((_, step) => ({ step, victim: victims[(step + run) % victims.length] ?? 'worker' }));
  const third = steps.length / victims.length;
  return victims.map((_, place) => {
    const at = (purpose: string): number => draw({ seed, component: 'drill', entity: String(place), purpose, n: 0 });
    const turn = Math.floor(draw({ seed, component: 'drill', entity: 'all', purpose: 'turn', n: 0 }) * victims.length);
    return { step: Math.floor((place + at('step')) * third), victim: victims[(place + turn) % victims.length] ?? 'worker' };
  });
}

let expected: readonly Fact[];
beforeAll(async () => {
  const solver = await loadHighsSolver();
  const fast = createWholeWorld(threeAreas, solver);
  const facts: Fact[] = [];
  for (let tick = 0; tick < ticks; tick++) facts.push(...fast.tick());
  solver.close();
  expected = facts;
}, 60_000);

/** The stream of a twin whose parts are killed as soon as the facts of their steps are heard; the twin is stopped whatever happens. */
async function disturbed(kills: readonly Kill[]): Promise<readonly Fact[]> {
  const twin = await startTwin('--scenario', 'three-areas', '--rate', 'max', '--hold-at', untilTime);
  try {
    await killAtSteps(twin, kills);
    await twin.untilPaused(240_000);
    return await twin.facts();
  } finally {
    await twin.stop();
  }
}

async function killAtSteps(twin: TestTwin, kills: readonly Kill[]): Promise<void> {
  const bus = await twin.connect();
  const left = [...kills];
  const reader = readStream(bus, { fromSequence: 1 });
  const timer = setTimeout(() => reader.close(), 240_000);
  for await (const { fact } of reader) {
    const [next] = left;
    if (next === undefined) break;
    if (steps[next.step]?.is(fact) !== true) continue;
    left.shift();
    twin.kill(next.victim);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  clearTimeout(timer);
  reader.close();
  expect(left.map(({ step, victim }) => `${victim} at ${steps[step]?.name}`)).toEqual([]);
}

describe.each(isFull ? [0, 1, 2] : [0])(`drill ${isFull ? 'of every step' : `with seed ${seed}`}, run %i`, (run) => {
  const kills = killsOf(run);
  const named = kills.map(({ step, victim }) => `${victim} at ${steps[step]?.name}`).join(', ');
  let facts: readonly Fact[];
  beforeAll(async () => {
    process.stderr.write(`drill: seed ${seed}: ${named}\n`);
    facts = await disturbed(kills);
  }, 500_000);

  const of = <Type extends FactType>(type: Type): readonly FactOf<Type>[] =>
    facts.filter((fact) => fact.type === type) as unknown as readonly FactOf<Type>[];

  it('completes: every run that was curtailed is settled', () => {
    const settled = of('training.settlement.v1').map(({ entity }) => entity);
    const curtailed = [...new Set(of('cluster.plan.v1').flatMap(({ data }) => data.measures.map(({ run: id }) => id)))];
    expect(curtailed.length).toBeGreaterThan(1);
    expect(settled).toEqual(expect.arrayContaining(curtailed));
  });

  it('lets no step take effect twice', () => {
    const ids = facts.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const outcomes = of('control.outcome.v1').map(({ entity, data }) => `${entity} ${data.order}`);
    expect(new Set(outcomes).size).toBe(outcomes.length);
    const commands = new Set(of('control.command.v1').map(({ data }) => data.commandId));
    expect(of('cluster.resume.v1').length).toBeLessThanOrEqual(commands.size);
  });

  it('never lets progress fall below the last checkpoint', () => {
    const newest = new Map<string, number>();
    for (const { run: id, completedSteps, checkpointedSteps } of of('cluster.progress.v1').flatMap(({ data }) => data.runs)) {
      expect(completedSteps).toBeGreaterThanOrEqual(checkpointedSteps);
      expect(checkpointedSteps).toBeGreaterThanOrEqual(newest.get(id) ?? 0);
      newest.set(id, checkpointedSteps);
    }
  });

  it('settles what the recorded facts come to', () => {
    const tickHours = threeAreas.clock.tickMinutes / 60;
    for (const settlement of of('training.settlement.v1')) {
      const verified = of('training.verification.v1').find(
        ({ entity, timeMs }) => entity === settlement.entity && timeMs < settlement.timeMs,
      );
      const { lines, netUsd, lostSteps, contract } = settlement.data;
      expect(netUsd).toBeCloseTo(
        lines.reduce((sum, { amountUsd }) => sum + amountUsd, 0),
        6,
      );
      const strike = threeAreas.contracts.find(({ id }) => id === contract)?.strikeUsdPerMwh ?? Number.NaN;
      const payment = lines.find(({ line }) => line === 'payment')?.amountUsd;
      expect(payment).toBeCloseTo((verified?.data.deliveredMwh ?? Number.NaN) * strike, 1);
      const resumes = of('cluster.resume.v1').filter(({ entity, timeMs }) => entity === settlement.entity && timeMs < settlement.timeMs);
      expect(lostSteps).toBe(Math.max(...resumes.map(({ data }) => data.missedSteps)));
      // The same energy from the power of every tick.
      const [fromMs, toMs] = [fromWire(verified?.data.fromTime ?? ''), fromWire(verified?.data.toTime ?? '')];
      const within = of('cluster.progress.v1').filter(({ timeMs }) => timeMs + tickHours * hourMs > fromMs && timeMs < toMs);
      const given = within
        .flatMap(({ data }) => data.runs.filter(({ run: id }) => id === settlement.entity))
        .reduce((sum, { powerMw }) => sum + ((verified?.data.baselineMw ?? 0) - powerMw) * tickHours, 0);
      expect(Math.abs(given - (verified?.data.deliveredMwh ?? 0))).toBeLessThan(1e-3 * given);
      expect((toMs - fromMs) / minuteMs).toBeGreaterThan(30);
    }
  });

  it('says the same as the simulated world', () => {
    const [live, told] = [worldLines(facts, ticks - 1), worldLines(expected, ticks - 1)];
    const first = live.findIndex((line, place) => line !== told[place]);
    expect(live[first]).toBe(told[first]);
    expect(live.length).toBe(told.length);
  });
});
