import { describe, expect, it } from 'vitest';
import { runProjectsFast } from '../../shared/domain/buildout/fastProjects.js';
import type { Fact } from '../../shared/domain/fact.js';
import { calibrate, tryApplication } from '../../shared/domain/permit/calibrate.js';
import { permitsOfProject } from '../../shared/domain/permit/ofProject.js';
import { median, medianDifferenceInterval } from '../../shared/domain/permit/statistics.js';
import { timeSpent } from '../../shared/domain/permit/timeSpent.js';
import { campusBuild } from '../../shared/scenario/processes/campusBuild.js';
import { recordedMedians } from '../../shared/scenario/processes/unitedStatesAgencies.js';
import type { Agency, Permit, World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { agency, audit, block, factsOf, ofType, permit, projectWorld, startMs } from '../support/projectWorld.js';

const dayMs = 24 * 3_600_000;

/** One permit of one block at one agency, followed for so many days. */
function followed(rest: Partial<Permit>, board: Partial<Agency> = {}, days = 400, inputs: readonly Fact[] = []): readonly Fact[] {
  return runProjectsFast(worldOf(rest, board), { untilMs: startMs + days * dayMs, inputs });
}

function worldOf(rest: Partial<Permit>, board: Partial<Agency>): World {
  return projectWorld({ agencies: [agency(board)], blocks: [block(1, [permit('air', rest)])] });
}

/** `day: word` of each step and decision of the agency, and of each filing of the applicant. */
function steps(facts: readonly Fact[]): readonly string[] {
  return facts.flatMap((fact) => {
    const day = Math.floor((fact.timeMs - startMs) / dayMs);
    switch (fact.type) {
      case 'permit.review.v1':
      case 'permit.filing.v1':
        return [`${day}: ${fact.data.step}`];
      case 'permit.decision.v1':
        return [`${day}: ${fact.data.outcome}, ${fact.data.reason}`];
      default:
        return [];
    }
  });
}

const court = { duration: { kind: 'fixed', days: 50 } } as const;

describe('an application at its agency', () => {
  it('waits in court for a suit against its grant, and counts from the day the agency wins', () => {
    const facts = followed({ litigation: { ratio: 1, lossRatio: 0, ...court } });
    expect(steps(facts)).toEqual([
      '5: filed',
      '5: received',
      '5: started',
      '15: court-opened',
      '65: court-closed',
      '65: granted, upheld in court',
    ]);
    const [spent] = timeSpent(facts, startMs + 400 * dayMs);
    expect(spent?.courtDays).toBeCloseTo(50, 0);
    expect(spent?.workingDays).toBeCloseTo(10, 0);
    expect(spent?.applicantDays).toBeCloseTo(5, 0);
  });

  it('goes back to its agency when the agency loses, a quarter of the work again, and is not sued twice', () => {
    const facts = followed({ litigation: { ratio: 1, lossRatio: 1, ...court } });
    expect(steps(facts).slice(3)).toEqual(['15: court-opened', '65: court-closed', '65: received', '65: started', '67: granted, drawn']);
    expect(ofType(facts, 'permit.phase.v1').map((fact) => fact.data.phase)).toContain('in-court');
  });

  it('is studied again, at the head of the queue, when others withdraw, and never for ever', () => {
    const facts = followed({ restudy: { ratio: 1, effortRatio: 0.5 } });
    expect(steps(facts).filter((step) => step.endsWith('restudied'))).toEqual([
      '15: restudied',
      '20: restudied',
      '25: restudied',
      '30: restudied',
      '35: restudied',
    ]);
    expect(steps(facts).at(-1)).toBe('40: granted, drawn');
  });

  it('is granted by law when the days of the law are over', () => {
    const board = { effort: { kind: 'fixed', days: 100 } } as const;
    const facts = followed({ deadlineDays: 30, onDeadline: 'grant' }, board);
    expect(steps(facts).slice(-2)).toEqual(['35: overdue', '35: granted, not decided within 30 days: granted by law']);
    expect(ofType(facts, 'permit.queue.v1').at(-1)?.data.busyReviewers).toBe(0);
  });

  it('has the clock of the law stopped while its applicant answers', () => {
    const slow = { effort: { kind: 'fixed', days: 100 } } as const;
    const ratios = { incompleteRatio: 0, informationRequestRatio: 1, answerDays: 40 } as const;
    const asked = steps(followed({ deadlineDays: 95, onDeadline: 'grant', ...ratios }, slow));
    expect(asked.filter((step) => step.endsWith('information-requested'))).toHaveLength(1);
    // Received on day 5: 95 days of the agency, and 40 of the applicant that do not count.
    expect(asked.find((step) => step.endsWith('overdue'))).toBe('140: overdue');
  });

  it('is taken first when its time is over, and when its applicant insists', () => {
    const busy = { reviewers: 1, effort: { kind: 'fixed', days: 20 } } as const;
    const queued = { initialPhase: 'queued', initialPosition: 6 } as const;
    const startedOn = (rest: Partial<Permit>): number =>
      Number(
        steps(followed({ ...queued, ...rest }, busy))
          .find((step) => step.endsWith('started'))
          ?.split(':')[0],
      );
    const patient = startedOn({});
    const insisting = startedOn({ escalateAfterDays: 30 });
    expect(patient).toBeGreaterThan(90);
    expect(insisting).toBeLessThan(patient - 40);
    const filings = ofType(followed({ ...queued, escalateAfterDays: 30 }, busy), 'permit.filing.v1').map((fact) => fact.data.step);
    expect(filings).toEqual(['escalated']);
  });

  it('is designed anew once after a lost appeal, and then given up', () => {
    const facts = followed({ denialRatio: 1, appealSuccessRatio: 0, onDenial: 'appeal', onAppealLost: 'redesign', redesignDays: 60 });
    expect(ofType(facts, 'permit.filing.v1').map((fact) => [fact.data.step, fact.data.attempt])).toEqual([
      ['filed', 1],
      ['appealed', 2],
      ['filed', 3],
    ]);
    expect(ofType(facts, 'permit.decision.v1').map((fact) => fact.data.outcome)).toEqual(['denied', 'denied', 'denied']);
    expect(ofType(facts, 'buildout.site.v1')).toHaveLength(1);
  });

  it('is granted on appeal as often as the scenario says', () => {
    const facts = followed({ denialRatio: 1, appealSuccessRatio: 1, onDenial: 'appeal' });
    expect(ofType(facts, 'permit.decision.v1').map((fact) => fact.data.outcome)).toEqual(['denied', 'granted']);
  });

  it('is reviewed with less effort and more reviewers from the date of a reform', () => {
    const busy = { reviewers: 1, effort: { kind: 'fixed', days: 20 } } as const;
    const queued = { initialPhase: 'queued', initialPosition: 6 } as const;
    const reforms = [{ fromTime: '2027-08-12T17:00:00.000Z', reviewers: 6 }];
    const started = (facts: readonly Fact[]) =>
      Number(
        steps(facts)
          .find((step) => step.endsWith('started'))
          ?.split(':')[0],
      );
    expect(started(followed(queued, { ...busy, reforms }))).toBe(30);
    expect(started(followed(queued, busy))).toBeGreaterThan(90);
  });

  it('is told from its record instead, whatever order that is in, and nothing breaks', () => {
    const at = (day: number): string => new Date(startMs + day * dayMs).toISOString();
    const recorded = [
      { permit: 'air', atTime: at(20), step: 'started', reason: 'draft statement' },
      { permit: 'air', atTime: at(10), step: 'received', reason: 'notice of intent' },
      { permit: 'air', atTime: at(40), step: 'granted', reason: 'record of decision' },
      { permit: 'air', atTime: at(60), step: 'revoked', reason: 'vacated' },
      { permit: 'air', atTime: at(70), step: 'comment-closed', reason: 'supplement' },
      { permit: 'air', atTime: at(90), step: 'granted', reason: 'second record of decision' },
    ] satisfies Agency['recorded'];
    const facts = followed({}, { recorded }, 200, [audit('deny-permit', 'air', 24)]);
    expect(steps(facts).filter((step) => !step.endsWith('filed'))).toEqual([
      '10: received',
      '20: started',
      '40: granted, recorded: record of decision',
      '60: revoked, recorded: vacated',
      '70: comment-closed',
      '90: granted, recorded: second record of decision',
    ]);
    expect(ofType(facts, 'permit.decision.v1').every((fact) => fact.quality === 'measured')).toBe(true);
    const stages = ofType(facts, 'buildout.stage.v1').map((fact) => `${Math.floor((fact.timeMs - startMs) / dayMs)}: ${fact.data.stage}`);
    expect(stages).toEqual([
      '0: permitting',
      '40: construction',
      '60: permitting',
      '90: construction',
      '100: energization',
      '100: energized',
    ]);
  });
});

describe('the load of an agency', () => {
  const air = threeAreas.agencies.find((each) => each.id === 'state-air-board');

  it('makes applications wait about 25 weeks for three reviewers of the built-in air board, and not at all for six', () => {
    if (air === undefined) throw new Error('no air board');
    const waitWeeks = (reviewers: number): number => {
      const tried = tryApplication({ agency: { ...air, reviewers }, permit: permit('probe'), capacityMw: 300, seed: 1, samples: 8_000 });
      return tried.reduce((sum, days) => sum + days.reviewerWaitDays, 0) / tried.length / 7;
    };
    expect(Math.abs(waitWeeks(3) - 25)).toBeLessThan(5);
    expect(waitWeeks(6)).toBeLessThan(0.5);
  });

  it('is found at which the simulated median is the recorded one, and named as too short or too long where none is', () => {
    const board = agency({ effort: { kind: 'lognormal', medianDays: 40, sigma: 0.5 }, noticeDays: 30 });
    const trial = { agency: board, permit: permit('probe'), capacityMw: 100, seed: 3, samples: 400 };
    const found = calibrate(trial, 150);
    expect(found.result).toBe('fits');
    expect(Math.abs(found.errorRatio)).toBeLessThan(0.05);
    expect(found.utilisationRatio).toBeGreaterThan(0.5);
    expect(calibrate(trial, 40).result).toBe('too-short');
    expect(calibrate(trial, 20_000).result).toBe('too-long');
  });

  it.each([
    ['mesa-zoning', 'zoning'],
    ['mesa-air', 'air'],
    ['mesa-water', 'water'],
    ['mesa-environmental-review', 'environmental'],
    ['mesa-interconnection', 'firmStudy'],
    ['mesa-3-line-certificate', 'line'],
    ['mesa-5-nuclear-permit', 'nuclear'],
  ] as const)('is such in the built-in process that %s takes as long as recorded, within 5 %%', (id, record) => {
    const of = campusBuild.projects.flatMap(permitsOfProject).find((each) => each.id === id);
    const at = campusBuild.agencies.find((each) => each.id === of?.agency);
    if (of === undefined || at === undefined) throw new Error(`no ${id}`);
    const tried = tryApplication({ agency: at, permit: of, capacityMw: 1_300, seed: 1, samples: 4_000 });
    expect(Math.abs(median(tried.map((days) => days.totalDays)) / recordedMedians[record].days - 1)).toBeLessThan(0.05);
  });

  it('is passed by on the flexible track when what is offered is enough: less firm, and months sooner', () => {
    const offer = (offerMw: number): World => ({
      ...campusBuild,
      projects: campusBuild.projects.map((project) => ({
        ...project,
        stages: (project.stages ?? []).map((stage) =>
          stage.id === 'mesa-interconnection' ? { ...stage, flexible: { offerMw, noticeMinutes: 30, hoursPerYear: 120 } } : stage,
        ),
      })),
    });
    const studied = (world: World): readonly number[] =>
      Array.from({ length: 12 }, (_, seed) => {
        const facts = runProjectsFast({ ...world, seed }, { untilMs: startMs + 2_500 * dayMs, tellsQueues: false, endsWithBlock: 2 });
        const [spent] = timeSpent(facts, startMs + 2_500 * dayMs).filter((each) => each.permit === 'mesa-interconnection');
        return spent?.workingDays ?? NaN;
      });
    expect(median(studied(offer(400)))).toBeLessThan(120);
    expect(median(studied(offer(300)))).toBeGreaterThan(250);
    const facts = runProjectsFast(offer(400), { untilMs: startMs + 2_500 * dayMs, tellsQueues: false, endsWithBlock: 2 });
    // 400 of 1,300 MW to come are flexible; block 2 carries its share.
    expect(ofType(facts, 'buildout.block.v1')[0]?.data).toMatchObject({ block: 2, capacityMw: 200 });
    expect(ofType(facts, 'buildout.block.v1')[0]?.data.firmMw).toBeCloseTo(200 - (400 * 200) / 1_300, 6);
  });
});

describe('the interval of a difference', () => {
  it('holds no difference for equal runs, and the shift for shifted ones', () => {
    const before = Array.from({ length: 200 }, (_, n) => 100 + ((n * 37) % 50));
    const options = { seed: 1, resamples: 300, shareRatio: 0.95 };
    expect(medianDifferenceInterval(before, before, options)).toEqual([0, 0]);
    expect(
      medianDifferenceInterval(
        before,
        before.map((days) => days - 30),
        options,
      ),
    ).toEqual([-30, -30]);
  });
});

describe('agencies tick by tick', () => {
  it('say the same of permits when their queues are not told', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const world = { ...campusBuild, seed };
      const until = startMs + 2_000 * dayMs;
      const told = runProjectsFast(world, { untilMs: until }).filter(
        (fact) => fact.type !== 'permit.queue.v1' && fact.type !== 'buildout.expectation.v1',
      );
      const quiet = runProjectsFast(world, { untilMs: until, tellsQueues: false });
      expect(JSON.stringify(quiet)).toBe(JSON.stringify(told));
    }
  });

  it('say the same as on the clock that goes from one due tick to the next', () => {
    const world = projectWorld({
      agencies: [agency({ reviewers: 1, otherApplicationsPerYear: 14, informationRequestRatio: 0.5, denialRatio: 0.4 })],
      blocks: [block(1, [permit('air', { onDenial: 'appeal', litigation: { ratio: 0.5, lossRatio: 0.5, ...court }, deadlineDays: 90 })])],
    });
    const plain = (facts: readonly Fact[]) => facts.filter((fact) => fact.tick < 24 * 300).map((fact) => JSON.stringify(fact));
    const slow = plain(factsOf(world, 24 * 300));
    const fast = plain(runProjectsFast(world, { untilMs: startMs + 300 * dayMs }));
    const lastTick = Math.max(...fast.map((text) => (JSON.parse(text) as Fact).tick));
    expect(fast).toEqual(slow.filter((text) => (JSON.parse(text) as Fact).tick <= lastTick));
  });
});
