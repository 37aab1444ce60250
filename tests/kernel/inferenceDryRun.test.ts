import { expect, test } from 'vitest';
import { milestoneWords } from '../../services/api/words.js';
import { dryRun } from '../../services/cli/training/dryRun.js';
import { minuteMs } from '../../shared/domain/ticks.js';
import { of, startMs } from '../support/clusterWorld.js';
import { bendingDesk, bendingWorld, powersOf } from '../support/bendingWorld.js';

const chosen = (wantedMw: number) => {
  const world = bendingWorld();
  const { run, ask, between, all } = bendingDesk(world);
  run(2);
  const progress = of(all, 'cluster.progress.v1')
    .flatMap(({ data }) => data.runs.filter(({ campus }) => campus === 'riverbend'))
    .slice(-4);
  const about = { campus: 'riverbend', nowMs: startMs + 10 * minuteMs, wantedMw, minutes: 60, rampMinutes: 15 };
  const dry = dryRun(world, progress, { ...about, power: powersOf(all, 'riverbend').at(-1) });
  ask({ amountMw: wantedMw, request: 'peak', rampMinutes: 15 });
  const [plan] = of(between(8), 'cluster.plan.v1');
  return { dry, plan };
};

test.each([6, 20, 80])('a dry run of %d MW names the ways the campus then takes', (wantedMw) => {
  const { dry, plan } = chosen(wantedMw);
  const ways = (all: readonly { readonly way: string; readonly isChosen: boolean }[]) =>
    all.flatMap(({ way, isChosen }) => (isChosen ? [way] : []));
  expect(ways(dry.alternatives)).toEqual(ways(plan?.data.alternatives ?? []));
  expect(dry.alternatives.map(({ way }) => way)).toEqual(plan?.data.alternatives?.map(({ way }) => way));
  expect(dry.freedMw).toBeCloseTo(wantedMw, 6);
  expect(dry.acceleratorHoursAtRisk > 0).toBe(wantedMw > 30);
});

test('a plan of inference alone is told in words', () => {
  const { plan } = chosen(20);
  expect(plan === undefined ? null : milestoneWords(plan)?.text).toBe(
    'Campus riverbend plans 20 MW less: inference on fewer nodes (10 MW), 10 MW of inference served at mesa',
  );
});
