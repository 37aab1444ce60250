import { describe, expect, it } from 'vitest';
import { monthsToPower } from '../../shared/domain/siting/monthsToPower.js';
import type { Stage } from '../../shared/scenario/schema.js';
import { agency, block } from '../support/projectWorld.js';
import { plainStages, processWorld, stage } from '../support/processWorld.js';

const monthDays = 365.2425 / 12;
const days = (count: number): NonNullable<Stage['duration']> => ({ kind: 'fixed', days: count });
const harborStages: Stage[] = [
  stage('harbor-site', 'site-control', { duration: days(20) }),
  stage('harbor-air', 'permit', { agency: 'board', needs: ['harbor-site'], applicantDays: 3 }),
  stage('harbor-build', 'construction', { needs: ['harbor-air'], duration: days(40) }),
  stage('harbor-power', 'energization', { needs: ['harbor-build'], duration: days(1) }),
];
const harbor = { site: 'harbor', campus: 'harbor', stages: harborStages };
const stages = plainStages({ gate: { duration: days(0) } });
const asked = { seeds: 5, horizonDays: 2_000 };

describe('months a place takes to power', () => {
  it('are those of its own process, from the start of the project', () => {
    const found = monthsToPower(processWorld({ stages, nextSites: [harbor] }), asked);
    expect(found.map(({ campus }) => campus)).toEqual(['mesa', 'harbor']);
    // Mesa: site 10 days, air 5 and 10; a transformer on day 110. Harbor: site 20 days, air 3 and 10, then 40 and 1.
    expect((found[0]?.permitMonths ?? 0) * monthDays).toBeCloseTo(25, 1);
    expect((found[0]?.powerMonths ?? 0) * monthDays).toBeCloseTo(110, 0);
    expect((found[1]?.permitMonths ?? 0) * monthDays).toBeCloseTo(33, 1);
    expect((found[1]?.powerMonths ?? 0) * monthDays).toBeCloseTo(74, 0);
    expect(found.every(({ bus }) => bus !== '')).toBe(true);
  });

  it('hold the waiting for reviewers', () => {
    const busy = processWorld({ stages, nextSites: [harbor], agencies: [agency({ reviewers: 1, otherApplicationsPerYear: 34 })] });
    const [calm, waiting] = [processWorld({ stages, nextSites: [harbor] }), busy].map((world) => monthsToPower(world, asked)[1]);
    expect(waiting?.permitMonths ?? 0).toBeGreaterThan((calm?.permitMonths ?? 0) + 0.5);
  });

  it('are not known where most come to nothing, and there are none where no process is', () => {
    const denied = plainStages({ air: { denialRatio: 1, onDenial: 'abandon' } });
    expect(monthsToPower(processWorld({ stages: denied, nextSites: [] }), asked)[0]).toMatchObject({
      permitMonths: null,
      powerMonths: null,
    });
    const plain = { site: 'harbor', campus: 'harbor', permitDays: 10, constructionDays: 10 };
    const world = processWorld({ nextSites: [plain] });
    expect(monthsToPower({ ...world, projects: world.projects.map(({ stages: _none, ...rest }) => rest) }, asked)).toEqual([]);
  });

  it('count a running block as built, and follow the first that is not', () => {
    const running = block(1, [], { initialStage: 'energized', constructionDays: 0 });
    const own = stages.map((each) => (each.block === 1 ? { ...each, block: 2 } : each));
    const found = monthsToPower(
      processWorld({ stages: own, blocks: [running, block(2, [], { constructionDays: 0 })], nextSites: [] }),
      asked,
    );
    expect((found[0]?.powerMonths ?? 0) * monthDays).toBeCloseTo(110, 0);
  });
});
