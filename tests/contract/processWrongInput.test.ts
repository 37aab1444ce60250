import { describe, expect, it } from 'vitest';
import { campusBuild } from '../../shared/scenario/processes/campusBuild.js';
import type { Stage, World } from '../../shared/scenario/schema.js';
import { checkedWorld } from '../../shared/scenario/validate.js';

/** The built-in process with some fields of some stages changed, by id. */
function changed(changes: Readonly<Record<string, Readonly<Record<string, unknown>>>>, more: readonly unknown[] = []): unknown {
  const projects = campusBuild.projects.map((project) => ({
    ...project,
    stages: [...(project.stages ?? []).map((stage) => ({ ...stage, ...changes[stage.id] })), ...more],
  }));
  return { ...campusBuild, projects };
}

function lineOf(value: unknown): string {
  try {
    checkedWorld(value, 'campus.json');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'fits';
}

const at = (id: string): number => (campusBuild.projects[0]?.stages ?? []).findIndex((stage) => stage.id === id);
const loose: Stage = { id: 'mesa-fence', kind: 'construction', needs: [], duration: { kind: 'fixed', days: 3 } };
const withAgency = (rest: Partial<World['agencies'][number]>): unknown => ({
  ...campusBuild,
  agencies: campusBuild.agencies.map((agency) => (agency.id === 'state-air-board' ? { ...agency, ...rest } : agency)),
});

describe('a process that cannot be', () => {
  it.each<[string, unknown, string]>([
    ['fits as it comes', campusBuild, 'fits'],
    [
      'its stages need each other in a circle',
      changed({ 'mesa-zoning': { needs: ['mesa-investment'] } }),
      'projects[0].stages.needs: found the cycle mesa-zoning -> mesa-investment -> mesa-zoning, allowed: stages that need each other without a cycle',
    ],
    [
      'a stage leads nowhere',
      changed({}, [loose]),
      `projects[0].stages[${campusBuild.projects[0]?.stages?.length}]: found "mesa-fence", which no energization needs, directly or through others, allowed: stages that lead to an energization`,
    ],
    [
      'an agency is unknown',
      changed({ 'mesa-air': { agency: 'nobody' } }),
      `projects[0].stages[${at('mesa-air')}].agency: found "nobody", an unknown agency, allowed: county-zoning, federal-lead-agency, nuclear-regulator, state-air-board, state-utility-commission, utility-study-desk, water-board`,
    ],
    [
      'a duration is negative',
      changed({ 'mesa-site-control': { duration: { kind: 'fixed', days: -3 } } }),
      `projects[0].stages[${at('mesa-site-control')}].duration.days: found -3, allowed: a number in d from 0`,
    ],
    [
      'a probability is above 1',
      changed({ 'mesa-air': { denialRatio: 1.2 } }),
      `projects[0].stages[${at('mesa-air')}].denialRatio: found 1.2, allowed: a number from 0 to 1`,
    ],
    [
      'an id stands twice',
      changed({ 'mesa-water': { id: 'mesa-air' } }),
      'projects.stages: found id "mesa-air" twice, allowed: each id once',
    ],
    [
      'a stage needs one of another block',
      changed({ 'mesa-2-construction': { needs: ['mesa-3-line-certificate'] } }),
      `projects[0].stages[${at('mesa-2-construction')}].needs[0]: found "mesa-3-line-certificate", an unknown stage of block 2`,
    ],
    [
      'a permit has no agency',
      changed({ 'mesa-water': { agency: undefined } }),
      `projects[0].stages[${at('mesa-water')}].agency: found nothing, allowed: an agency for the permit "mesa-water"`,
    ],
    [
      'a stage without an agency can be denied',
      changed({ 'mesa-site-control': { denialRatio: 0.5 } }),
      `projects[0].stages[${at('mesa-site-control')}].denialRatio: found 0.5, allowed: only for a stage with an agency`,
    ],
    [
      'a stage nobody works on has no duration',
      changed({ 'mesa-2-construction': { duration: undefined } }),
      `projects[0].stages[${at('mesa-2-construction')}].duration: found nothing, allowed: a duration, where no agency works on the stage`,
    ],
    [
      'a block has no energization',
      changed({ 'mesa-2-energization': { kind: 'construction', duration: { kind: 'fixed', days: 1 }, needs: [] } }),
      'projects[0].stages[',
    ],
    [
      'corners are out of order',
      changed({ 'mesa-2-construction': { duration: { kind: 'triangular', minDays: 9, modeDays: 3, maxDays: 12 } } }),
      `projects[0].stages[${at('mesa-2-construction')}].duration: found 9, 3, 12 days, allowed: minDays <= modeDays <= maxDays, not all equal`,
    ],
    [
      'a reform comes before the one it follows',
      withAgency({
        reforms: [
          { fromTime: '2029-01-01T00:00:00.000Z', reviewers: 4 },
          { fromTime: '2028-01-01T00:00:00.000Z', reviewers: 5 },
        ],
      }),
      'agencies[1].reforms[1].fromTime: found "2028-01-01T00:00:00.000Z", allowed: an instant after 2029-01-01T00:00:00.000Z',
    ],
    [
      'a record is of a permit of somebody else',
      withAgency({ recorded: [{ permit: 'mesa-water', atTime: '2028-01-01T00:00:00.000Z', step: 'granted', reason: 'x' }] }),
      'agencies[1].recorded[0].permit: found "mesa-water", an unknown permit of this agency, allowed: harbor-air, mesa-air',
    ],
    [
      'the script lets equipment slip by nothing',
      {
        ...campusBuild,
        script: [{ atTime: '2028-01-01T00:00:00.000Z', action: 'slip-equipment', target: 'mesa-2-transformer', reason: 'x' }],
      },
      'script[0].days: found nothing, allowed: a number of days above 0',
    ],
  ])('%s', (_what, world, line) => {
    const found = lineOf(world);
    expect(found.replace('campus.json: ', '').slice(0, line.length)).toBe(line);
    expect(found).not.toContain('\n');
  });
});
