import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact, FactDataOf } from '../../shared/domain/fact.js';
import { permitRules, type PermitState } from '../../shared/domain/permit/rules.js';
import { permitStart } from '../../shared/domain/permit/start.js';
import type { Report } from '../../shared/domain/sequence.js';
import { agency, block, factAt, permit, projectWorld, startMs, type Permit } from '../support/projectWorld.js';

const hourMs = 3_600_000;
const dayHours = 24;

interface Told {
  readonly hour: number;
  readonly facts?: readonly Fact[];
  readonly reports?: readonly Report[];
}

const review = (step: FactDataOf['permit.review.v1']['step'], hour: number, n = 0): Fact =>
  factAt('permit.review.v1', 'mesa-air', hour, { agency: 'board', step, effortDays: 0, dueTime: null }, n);
const decision = (outcome: 'granted' | 'denied', hour: number): Fact =>
  factAt('permit.decision.v1', 'mesa-air', hour, { agency: 'board', outcome, reason: 'drawn', effectiveTime: '2027-07-14T00:00:00.000Z' });
const cancel: Report = { from: 'buildout-mesa', atMs: startMs, outcome: 'cancel' };

function begin(overrides: Partial<Permit> = {}): PermitState {
  const world = projectWorld({ agencies: [agency({ region: 'south' })], blocks: [block(1, [permit('mesa-air', overrides)])] });
  const start = permitStart(world, 'mesa-air', startMs);
  if (start === null) throw new Error('no permit');
  return permitRules.begin(start);
}

/** Advances a permit through what it is told; answers phases as `previous>phase`, filings as `!step`, and its reports. */
function follow(overrides: Partial<Permit>, told: readonly Told[]) {
  let state = begin(overrides);
  const said: string[] = [];
  const reported: string[] = [];
  let wakeHour: number | null = null;
  let isFinished = false;
  for (const { hour, facts = [], reports = [] } of told) {
    if (isFinished) break;
    const next = permitRules.advance(state, { tick: hour, nowMs: startMs + hour * hourMs, facts, reports });
    state = JSON.parse(JSON.stringify(next.state)) as PermitState;
    for (const saying of next.sayings) {
      if (saying.type === 'permit.phase.v1') said.push(`${saying.data.previousPhase}>${saying.data.phase}`);
      if (saying.type === 'permit.filing.v1') said.push(`!${saying.data.step} ${saying.data.attempt}`);
    }
    reported.push(...next.reports.map(({ to, report }) => `${to}: ${report.outcome}`));
    wakeHour = next.nextWakeMs === null ? null : (next.nextWakeMs - startMs) / hourMs;
    isFinished = next.finished;
  }
  return { said, reported, wakeHour, isFinished, state };
}

describe('the sequence of a permit', () => {
  it('drafts, files after the drafting days, and wakes by itself for it', () => {
    expect(follow({ draftingDays: 5 }, [{ hour: 0 }])).toMatchObject({ said: ['drafting>drafting'], wakeHour: 5 * dayHours });
    const filed = follow({ draftingDays: 5 }, [{ hour: 0 }, { hour: 5 * dayHours }]);
    expect(filed.said).toEqual(['drafting>drafting', '!filed 1', 'drafting>filed']);
  });

  it('follows the agency to the grant and reports it once to its project', () => {
    const told = [
      { hour: 0 },
      { hour: 1, facts: [review('received', 0)] },
      { hour: 9, facts: [review('started', 8)] },
      { hour: 20, facts: [review('comment-opened', 19)] },
      { hour: 30, facts: [decision('granted', 29), review('comment-closed', 29)] },
    ];
    expect(follow({ draftingDays: 0 }, told)).toMatchObject({
      said: [
        'drafting>drafting',
        '!filed 1',
        'drafting>filed',
        'filed>queued',
        'queued>under-review',
        'under-review>public-comment',
        'public-comment>granted',
      ],
      reported: ['buildout-mesa: granted'],
      isFinished: true,
      wakeHour: null,
    });
  });

  it('answers a request for information after its days, not before', () => {
    const asked = { hour: 10, facts: [review('information-requested', 9)] };
    const state = { initialPhase: 'under-review' as const, answerDays: 7 };
    const waiting = follow(state, [{ hour: 0 }, asked, { hour: 100 }]);
    expect(waiting.said.at(-1)).toBe('under-review>information-requested');
    expect(waiting.wakeHour).toBe(10 + 7 * dayHours);
    expect(follow(state, [{ hour: 0 }, asked, { hour: 178 }]).said.slice(-2)).toEqual(['!answered 1', 'information-requested>queued']);
  });

  it('completes an incomplete application', () => {
    const told = [{ hour: 0 }, { hour: 2, facts: [review('received', 1), review('incomplete', 1, 1)] }, { hour: 2 + 7 * dayHours }];
    expect(follow({ draftingDays: 0 }, told).said.slice(3)).toEqual([
      'filed>queued',
      'queued>incomplete',
      '!answered 1',
      'incomplete>filed',
    ]);
  });

  it('appeals a denial once, and a second denial is the end', () => {
    const state = { initialPhase: 'under-review' as const, onDenial: 'appeal' as const };
    const once = [{ hour: 0 }, { hour: 5, facts: [decision('denied', 4)] }, { hour: 7, facts: [review('received', 6)] }];
    expect(follow(state, once).said.slice(1)).toEqual(['!appealed 2', 'under-review>appealed', 'appealed>queued']);
    const twice = follow(state, [...once, { hour: 50, facts: [decision('denied', 49)] }]);
    expect(twice.said.at(-1)).toBe('queued>denied');
    expect(twice.reported).toEqual(['buildout-mesa: denied']);
    expect(follow(state, [...once, { hour: 50, facts: [decision('granted', 49)] }]).reported).toEqual(['buildout-mesa: granted']);
  });

  it('takes the same denial told twice for one', () => {
    const denial = decision('denied', 4);
    const told = [{ hour: 0 }, { hour: 5, facts: [denial] }, { hour: 6, facts: [denial] }];
    expect(follow({ initialPhase: 'queued', onDenial: 'appeal' }, told)).toMatchObject({ reported: [], isFinished: false });
  });

  it('goes back when a newer milestone goes back, and ignores an older one that comes late', () => {
    const back = [{ hour: 0 }, { hour: 5, facts: [review('started', 4)] }, { hour: 9, facts: [review('received', 8)] }];
    expect(follow({ initialPhase: 'queued' }, back).said.slice(1)).toEqual(['queued>under-review', 'under-review>queued']);
    const late = [{ hour: 0 }, { hour: 5, facts: [review('comment-opened', 4)] }, { hour: 9, facts: [review('started', 3)] }];
    expect(follow({ initialPhase: 'queued' }, late).said.slice(1)).toEqual(['queued>public-comment']);
  });

  it('reminds every ninety days while it hears nothing', () => {
    const told = [{ hour: 0 }, { hour: 90 * dayHours }, { hour: 180 * dayHours }];
    expect(follow({ initialPhase: 'queued' }, told)).toMatchObject({
      said: ['queued>queued', 'queued>queued', 'queued>queued'],
      wakeHour: 270 * dayHours,
    });
  });

  it('withdraws when its project gives it up, with a filing only if there was one', () => {
    const filed = follow({ initialPhase: 'queued' }, [{ hour: 0 }, { hour: 3, reports: [cancel] }]);
    expect(filed).toMatchObject({
      said: ['queued>queued', '!withdrawn 1', 'queued>withdrawn'],
      reported: ['buildout-mesa: withdrawn'],
      isFinished: true,
    });
    const drafted = follow({}, [{ hour: 0 }, { hour: 3, reports: [cancel] }]);
    expect(drafted.said).toEqual(['drafting>drafting', 'drafting>withdrawn']);
  });

  it('starts in the phase the world names, with its project as parent and the region of its agency', () => {
    const start = permitStart(projectWorld({ agencies: [agency({ region: 'south' })] }), 'mesa-air', startMs);
    expect(start).toMatchObject({
      id: 'permit-mesa-air',
      parent: 'buildout-mesa',
      config: { region: 'south', project: 'mesa', agency: 'board' },
    });
    expect(permitStart(projectWorld({}), 'other', startMs)).toBe(null);
    expect(follow({ initialPhase: 'granted' }, [{ hour: 0 }])).toMatchObject({ isFinished: true, reported: ['buildout-mesa: granted'] });
  });

  it('survives every order of milestones, repeats included, and ends at most once', () => {
    const milestones = [
      review('received', 1),
      review('incomplete', 1, 1),
      review('started', 2),
      review('information-requested', 3),
      review('comment-opened', 4),
      review('comment-closed', 5),
      decision('denied', 6),
      decision('granted', 7),
      decision('denied', 8),
      review('started', 9),
    ];
    const onDenials = fc.constantFrom('appeal' as const, 'move-site' as const, 'abandon' as const);
    const orders = fc.array(fc.constantFrom(...milestones), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(
        orders,
        onDenials,
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 30, maxLength: 30 }),
        (order, onDenial, gaps) => {
          const told = order.map((fact, index) => ({
            hour: 10 + gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0),
            facts: [fact],
          }));
          const { said, reported, isFinished } = follow({ onDenial }, [{ hour: 0 }, ...told]);
          const ends = said.filter((phase) => /^(?!granted>granted).*>(granted|denied|withdrawn)$/.test(phase));
          expect(ends.length).toBeLessThanOrEqual(1);
          expect(reported).toHaveLength(isFinished ? 1 : 0);
          expect(said.filter((phase) => phase.startsWith('!appealed')).length).toBeLessThanOrEqual(1);
          // Every phase begins where the one before ended.
          const phases = said.filter((phase) => phase.includes('>')).map((phase) => phase.split('>'));
          for (const [index, [previous]] of phases.slice(1).entries()) expect(previous).toBe(phases[index]?.[1]);
        },
      ),
      { numRuns: 5_000, seed: 20_270_713 },
    );
  });
});
