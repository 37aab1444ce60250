import { describe, expect, it } from 'vitest';
import { dayOf, dayText } from '../../shared/domain/days.js';
import { follow, untouched, type Frame, type Milestone, type ProjectState } from '../../shared/domain/queue/machine.js';
import { outcomesAreDated, outcomeShares } from '../../shared/domain/queue/outcomes.js';
import { cohortOf, latenessOf, type Pledge } from '../../shared/domain/queue/pledges.js';
import { replayProject, tallyOf } from '../../shared/domain/queue/replay.js';
import { timeShares } from '../../shared/domain/queue/shares.js';
import { stageDurations } from '../../shared/domain/queue/stages.js';
import { needs, steps, type Step } from '../../shared/domain/queue/steps.js';
import { lastToldDay } from '../../shared/scenario/queue/asOf.js';

const frame: Frame = { requestDay: 100, asOfDay: 1_000 };
const reached = (step: Step, day: number | null): Milestone => ({ kind: 'reached', step, day });
const project = (...milestones: readonly Milestone[]) => replayProject({ requestDay: 100, milestones }, 1_000);
const state = (days: Partial<Record<Step, number | null>>): ProjectState => ({ reached: days });

describe('a project in the queue', () => {
  it('is where its furthest step is, whatever order the steps came in', () => {
    const inOrder = project(reached('requested', 100), reached('study-approved', 300), reached('agreement-signed', 400));
    const mixed = project(reached('requested', 100), reached('agreement-signed', 200), reached('study-approved', 300));
    expect([inOrder.end, inOrder.remarks]).toEqual(['agreementSigned', []]);
    expect(mixed.end).toBe('agreementSigned');
    expect(mixed.remarks).toEqual([{ milestone: 2, remark: { kind: 'out-of-order', step: 'study-approved', before: 'agreement-signed' } }]);
    expect(project(reached('agreement-signed', 300), reached('study-approved', 300)).remarks).toEqual([]);
    expect(project(reached('requested', 100), reached('energization-approved', 500)).end).toBe('energized');
    expect(project(reached('requested', 100), reached('synchronization-approved', 500)).end).toBe('energized');
    expect(project(reached('in-operation', null)).end).toBe('completed');
    expect(project(reached('air-permit', 150)).end).toBe('active');
  });

  it('goes back when a step is taken back, and on again', () => {
    const back = project(reached('requested', 100), reached('agreement-signed', null), reached('in-operation', 500), {
      kind: 'taken-back',
      step: 'in-operation',
      day: 600,
    });
    expect([back.end, back.remarks.map(({ remark }) => remark.kind)]).toEqual(['agreementSigned', ['reversed']]);
    const again = project(
      reached('in-operation', 500),
      { kind: 'taken-back', step: 'in-operation', day: 600 },
      reached('in-operation', 700),
    );
    expect([again.end, again.state.reached['in-operation']]).toEqual(['completed', 700]);
  });

  it('is not changed by what cannot be, and says why', () => {
    const cases: readonly (readonly [Milestone, string])[] = [
      [reached('study-approved', 1_001), 'in the future'],
      [reached('energization-approved', 99), 'before the request'],
      [reached('withdrawn', 99), 'before the request'],
      [{ kind: 'taken-back', step: 'agreement-signed', day: 500 }, 'not reached'],
    ];
    for (const [milestone, reason] of cases) {
      const next = follow(untouched, milestone, frame);
      expect(next.state).toBe(untouched);
      expect(next.remarks).toMatchObject([{ kind: 'impossible', reason }]);
    }
    const late = project(reached('withdrawn', 500), reached('study-approved', 501));
    expect([late.end, late.remarks[0]?.remark]).toMatchObject(['withdrawn', { reason: 'after the withdrawal' }]);
    expect(
      project(reached('study-approved', 1_000), reached('energization-approved', 100)).remarks.map(({ remark }) => remark.kind),
    ).toEqual([]);
    expect(follow(untouched, reached('agreement-signed', 50), frame).remarks).toEqual([]);
  });

  it('hears a thing once, and a new day for it', () => {
    const heard = project(reached('agreement-signed', 300), reached('agreement-signed', 300), reached('agreement-signed', null));
    expect(heard.remarks.map(({ remark }) => remark.kind)).toEqual(['repeated', 'repeated']);
    const redated = project(reached('agreement-signed', 300), reached('agreement-signed', 280));
    expect([redated.remarks[0]?.remark.kind, redated.state.reached['agreement-signed']]).toEqual(['redated', 280]);
  });

  it('builds each step on ones that come before it', () => {
    for (const step of steps) for (const need of needs[step]) expect(steps.indexOf(need)).toBeLessThan(steps.indexOf(step));
  });

  it('is counted: milestones, steps out of order, taken back, and plans that move', () => {
    const records = [
      { requestDay: 100, milestones: [reached('requested', 100), reached('agreement-signed', 200), reached('study-approved', 300)] },
      { requestDay: 100, milestones: [reached('study-approved', 300), reached('agreement-signed', 400)] },
      {
        requestDay: null,
        milestones: [
          reached('in-operation', null),
          { kind: 'rescheduled', day: 400, fromDay: 500, toDay: 700 } as const,
          { kind: 'taken-back', step: 'in-operation', day: 450 } as const,
        ],
      },
    ];
    const tally = tallyOf(
      records,
      records.map((record) => replayProject(record, 1_000)),
    );
    expect(tally).toMatchObject({ milestones: 8, reversed: 1, outOfOrder: 1, outOfOrderProjects: 1 });
    expect(tally.pairs).toEqual([{ step: 'agreement-signed', before: 'study-approved', projects: 1, of: 2 }]);
    expect([...tally.laterDays]).toEqual([200]);
  });
});

describe('the time in a stage', () => {
  const study = { stage: 'full study', from: 'study-requested', to: 'study-approved' } as const;

  it('counts open projects up to the day of the file, withdrawn ones until then, and reversed ones as no time', () => {
    const told = stageDurations(
      [
        state({ 'study-requested': 100, 'study-approved': 400 }),
        state({ 'study-requested': 100, 'study-approved': 60 }),
        state({ 'study-requested': 100 }),
        state({ 'study-requested': 100, withdrawn: 350 }),
        state({ 'study-requested': 100, withdrawn: null }),
        state({ 'study-requested': 100, 'study-approved': null }),
        state({ requested: 100 }),
      ],
      study,
      1_000,
    );
    expect([...told.durations.days]).toEqual([300, 0, 900, 250]);
    expect([...told.durations.isEnded]).toEqual([1, 1, 0, 0]);
    expect(told).toMatchObject({ reversed: 1, withdrawn: 1, undated: 2 });
  });

  it('is shared out over the projects that are energized, the later of approval and agreement ending the middle', () => {
    const days = { requested: 0, 'study-requested': 10, 'study-approved': 80, 'agreement-signed': 60, 'energization-approved': 100 };
    const one = timeShares([state(days), state({ requested: 0 })], { seed: 1, resamples: 100 });
    expect(one).toMatchObject({ projects: 1, days: 100, preparation: { value: 0.1 }, build: { value: 0.2, low: 0.2, high: 0.2 } });
    expect(one?.studyAndAgreement.value).toBeCloseTo(0.7, 9);
    const long = { ...days, 'energization-approved': 380 };
    const both = timeShares([state(days), state(long)], { seed: 1, resamples: 400 });
    expect(both?.studyAndAgreement.value).toBeCloseTo(140 / 480, 9);
    expect(both?.studyAndAgreement.low).toBeCloseTo(70 / 380, 9);
    expect(both?.studyAndAgreement.high).toBeCloseTo(0.7, 9);
    expect(timeShares([state({ requested: 0 })], { seed: 1, resamples: 100 })).toBeNull();
  });
});

describe('what becomes of projects', () => {
  it('shares them out by year between built, withdrawn and open, the open ones counted as long as they were watched', () => {
    const year = 366;
    const states = [
      state({ requested: 0, 'in-operation': year }),
      state({ requested: 0, withdrawn: 2 * year }),
      state({ requested: 1_000 - 3 * year }),
      state({ requested: 0, 'energization-approved': 5 * year, 'synchronization-approved': 4 * year }),
    ];
    const built = ['energization-approved', 'synchronization-approved', 'in-operation'] as const;
    const shares = outcomeShares(states, { built, asOfDay: 1_000, years: [0.5, 1.5, 2.5, 3.5, 5] });
    expect(shares.map(({ years, watched }) => [years, watched])).toEqual([
      [0.5, 4],
      [1.5, 3],
      [2.5, 2],
      [3.5, 1],
    ]);
    expect(shares[2]).toMatchObject({ builtRatio: 0.25, withdrawnRatio: 0.25, openRatio: 0.5 });
    for (const { builtRatio, withdrawnRatio, openRatio } of shares) expect(builtRatio + withdrawnRatio + openRatio).toBeCloseTo(1, 12);
  });

  it('is not told where too many ends have no day', () => {
    const dated = Array.from({ length: 18 }, () => state({ 'in-operation': 5, requested: 0 }));
    expect(outcomesAreDated([...dated, state({ 'in-operation': null }), state({ 'in-operation': null })], ['in-operation'])).toBe(true);
    expect(outcomesAreDated([...dated.slice(1), state({ 'in-operation': null }), state({ 'in-operation': null })], ['in-operation'])).toBe(
      false,
    );
  });

  it('is set against what was promised', () => {
    const pledge = (of: Partial<Pledge>): Pledge => ({
      requestDay: 0,
      filedDay: 500,
      onlineDay: null,
      isBuilt: false,
      isOpen: false,
      capacityMw: 100,
      ...of,
    });
    const pledges = [
      pledge({ onlineDay: 600, isBuilt: true }),
      pledge({ onlineDay: 500, isBuilt: true }),
      pledge({ onlineDay: 450, isBuilt: true, capacityMw: null }),
      pledge({ isOpen: true, capacityMw: 700 }),
      pledge({ isOpen: true, filedDay: 2_000, requestDay: 1_500 }),
      pledge({ capacityMw: -5 }),
    ];
    expect(latenessOf(pledges, 1_000)).toMatchObject({
      projects: 3,
      lateProjects: 1,
      openProjects: 2,
      openPastProjects: 1,
      days50: { value: 0 },
    });
    const cohort = cohortOf(pledges, { fromYear: 1970, toYear: 1970, seed: 1, resamples: 200 });
    expect(cohort).toMatchObject({ projects: 5, builtProjects: 3, openProjects: 1, capacityMw: 900, builtMw: 200 });
    expect(cohort?.builtRatio.value).toBeCloseTo(0.6, 12);
    expect(cohort?.builtMwRatio?.value).toBeCloseTo(2 / 9, 12);
    expect(latenessOf([pledge({ filedDay: null })], 1_000)).toBeNull();
    expect(cohortOf(pledges, { fromYear: 1990, toYear: 1999, seed: 1, resamples: 200 })).toBeNull();
  });
});

describe('days', () => {
  it('are those of the calendar', () => {
    expect(dayOf(1970, 1, 1)).toBe(0);
    expect(dayOf(2024, 2, 29)).toBe(19_782);
    expect(dayOf(2023, 2, 29)).toBeNull();
    expect(dayOf(2023, 13, 1)).toBeNull();
    expect(dayText(19_782)).toBe('2024-02-29');
  });

  it('of a file end with the latest that is not far from the others, and today', () => {
    const daily = Array.from({ length: 100 }, (_, day) => day);
    expect(lastToldDay([...daily, 130, 9_000], 20_000)).toBe(99);
    expect(lastToldDay([...daily, 129, 9_000, 9_001], 20_000)).toBe(9_001);
    expect(lastToldDay([...daily, 129, 9_000, 9_001], 8_000)).toBe(129);
    expect(lastToldDay([0, 300, 700, 1_500], 20_000)).toBe(1_500);
    expect(lastToldDay([0, 300, 700, 15_000], 20_000)).toBe(700);
    expect(lastToldDay([7], 20_000)).toBe(7);
    expect(lastToldDay([], 20_000)).toBeNull();
  });
});
