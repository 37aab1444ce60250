import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/permits.js';
import type { FitAnswer } from '../../services/cli/permits/answer.js';
import type { Checked } from '../../services/cli/permits/standard.js';
import type { StandardRecords } from '../../shared/domain/permit/standard.js';
import { recordsOfFacts, type PermitFact } from '../../shared/domain/permit/standardFacts.js';
import {
  eventWords,
  phaseOfProcess,
  phaseWords,
  processStatuses,
  processTypes,
  roleOfEvent,
} from '../../shared/domain/permit/standardWords.js';
import { permitDecision, permitFiling, permitPhases, permitReview } from '../../shared/events/permit.js';
import { standardShape } from '../../shared/scenario/permits/standardShape.js';
import { runCommand } from '../support/commandLine.js';
import { agency, factsOf, projectWorld } from '../support/projectWorld.js';
import { noStandard, noStatements, standardSchemaFile, statementsFile } from '../support/data.js';

const folder = mkdtempSync(join(tmpdir(), 'loadstone-standard-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void (process.exitCode = undefined));

function fileOf(value: unknown, name: string): string {
  const path = join(folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

/** Whether the published schema takes a value; what is wrong otherwise. */
function wrongBySchema(value: unknown): string {
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(standardSchemaFile ?? '', 'utf8')) as object);
  return validate(value) ? '' : JSON.stringify(validate.errors);
}

const dayMs = 86_400_000;
const startMs = Date.UTC(2027, 0, 1);
const phaseFact = (phase: string, previousPhase: string, day: number) => ({
  type: 'permit.phase.v1',
  timeMs: startMs + day * dayMs,
  region: 'west',
  data: { project: 'mesa', agency: 'board', phase, previousPhase, deadlineTime: null },
});
const review = { agency: 'board', effortDays: 10, dueTime: null };
const facts = [
  phaseFact('drafting', 'drafting', 0),
  {
    type: 'permit.filing.v1',
    timeMs: startMs + 30 * dayMs,
    region: 'west',
    data: { project: 'mesa', agency: 'board', step: 'filed', attempt: 1 },
  },
  phaseFact('filed', 'drafting', 30),
  { type: 'permit.review.v1', timeMs: startMs + 50 * dayMs, region: 'west', data: { ...review, step: 'started' } },
  phaseFact('under-review', 'filed', 50),
  {
    type: 'permit.decision.v1',
    timeMs: startMs + 90 * dayMs,
    region: 'west',
    data: { agency: 'board', outcome: 'granted', reason: 'drawn', effectiveTime: '2027-04-01T00:00:00.000Z' },
  },
  phaseFact('granted', 'under-review', 90),
];
const shown = { permit: { id: 'mesa-air', project: 'mesa', agency: 'board' }, facts };

describe('the words of the standard', () => {
  it('exist for every phase, and lead back to it', () => {
    expect(Object.keys(phaseWords)).toEqual([...permitPhases]);
    for (const phase of permitPhases) {
      const { status, outcome } = phaseWords[phase];
      const process = { process_status: status, process_outcome: outcome ?? undefined };
      expect(phaseOfProcess({ ...process, process_stage: phase })).toBe(phase);
      const without = phaseOfProcess(process);
      expect(without === null ? null : phaseWords[without].status).toBe(status);
    }
  });

  it('say paused where a clock waits for the applicant, and nowhere else', () => {
    expect(permitPhases.filter((phase) => phaseWords[phase].status === 'paused')).toEqual(['incomplete', 'information-requested']);
    expect(permitPhases.filter((phase) => phaseWords[phase].status === 'completed')).toEqual(['granted', 'denied', 'withdrawn']);
  });

  it('mean a phase where a process says how it ended, and none where it does not', () => {
    const ended = (process_outcome?: string) => phaseOfProcess({ process_status: 'completed', process_outcome });
    expect([
      ended('Record of Decision'),
      ended('Permit denied'),
      ended('Withdrawn by applicant'),
      ended('No Action selected'),
      ended(),
    ]).toEqual(['granted', 'denied', 'withdrawn', 'denied', null]);
    expect(phaseOfProcess({ process_status: 'on hold' })).toBeNull();
    expect(phaseOfProcess({ process_status: 'completed', process_stage: 'drafting', process_outcome: 'issued' })).toBe('granted');
  });

  it('exist for every step of a filing, a review and a decision', () => {
    const words = [permitFiling.data.properties.step, permitReview.data.properties.step, permitDecision.data.properties.outcome];
    const steps = words.flatMap((schema) => (JSON.parse(JSON.stringify(schema)) as { readonly enum: readonly string[] }).enum);
    expect(Object.keys(eventWords).sort()).toEqual([...new Set(steps)].sort());
    expect(roleOfEvent('NOI')).toBe('start');
    expect(roleOfEvent(' Final EIS')).toBe('final');
    expect(roleOfEvent(eventWords.granted.type)).toBe('end');
    expect(roleOfEvent('Draft EIS')).toBeNull();
  });
});

describe.skipIf(standardSchemaFile === null)(`the published schema${standardSchemaFile === null ? ` (${noStandard})` : ''}`, () => {
  it('has the fields and words that are read and written here', () => {
    const schema = JSON.parse(readFileSync(standardSchemaFile ?? '', 'utf8')) as {
      readonly definitions: Readonly<
        Record<string, { readonly required: readonly string[]; readonly properties: Readonly<Record<string, object>> }>
      >;
    };
    const own = JSON.parse(JSON.stringify(standardShape)) as {
      readonly properties: Readonly<
        Record<string, { readonly items: { readonly required: readonly string[]; readonly properties: Readonly<Record<string, object>> } }>
      >;
    };
    for (const [list, name] of [
      ['projects', 'project'],
      ['processes', 'process'],
      ['case_events', 'case_event'],
    ] as const) {
      const [ours, theirs] = [own.properties[list]?.items, schema.definitions[name]];
      expect([...(ours?.required ?? [])].sort(), list).toEqual([...(theirs?.required ?? [])].sort());
      for (const field of Object.keys(ours?.properties ?? {}))
        expect(Object.keys(theirs?.properties ?? {}), `${list}.${field}`).toContain(field);
    }
    const process = schema.definitions['process']?.properties ?? {};
    expect(process['process_type']).toMatchObject({ enum: [...processTypes] });
    expect(JSON.stringify(process['process_status'])).toContain(JSON.stringify([...processStatuses]));
  });

  it.skipIf(statementsFile === null)(
    `takes every impact statement, and the durations stay the same${statementsFile === null ? ` (${noStatements})` : ''}`,
    async () => {
      const { out } = await runCommand(register, ['permits', 'export', statementsFile ?? '']);
      const records = JSON.parse(out) as StandardRecords;
      expect([records.projects.length, records.processes.length, records.case_events.length]).toEqual([
        1_609,
        1_609,
        1_609 + 1_609 + 1_543,
      ]);
      expect(wrongBySchema(records)).toBe('');
      const file = fileOf(records, 'statements.json');
      const found = await runCommand(register, ['permits', 'check', file, '--schema', standardSchemaFile ?? '', '--json']);
      expect(JSON.parse(found.out)).toMatchObject({ isValid: true, problems: [], projects: 1_609 });
      const fit = async (path: string) =>
        JSON.parse((await runCommand(register, ['permits', 'fit', path, '--divisions', '1', '--json'])).out) as FitAnswer;
      const [there, here] = [await fit(file), await fit(statementsFile ?? '')];
      expect(there.groups).toEqual(here.groups);
      expect(there.given).toBe('a final EIS');
    },
  );

  it('takes the facts of a permit, and refuses what the check refuses too', async () => {
    const { out } = await runCommand(register, ['permits', 'export', fileOf(shown, 'mesa-air.json'), '--type', 'EA']);
    const records = JSON.parse(out) as StandardRecords;
    expect(wrongBySchema(records)).toBe('');
    const broken = { ...records, processes: records.processes.map((process) => ({ ...process, process_type: 'air' })) };
    expect(wrongBySchema(broken)).not.toBe('');
    const found = await runCommand(register, [
      'permits',
      'check',
      fileOf(broken, 'broken.json'),
      '--schema',
      standardSchemaFile ?? '',
      '--json',
    ]);
    const { isValid, problems } = JSON.parse(found.out) as Checked;
    expect(isValid).toBe(false);
    expect(problems).toEqual([{ field: 'processes[0].process_type', found: '"air"', allowed: 'one of ["CE","EA","EIS"]' }]);
    expect(process.exitCode).toBe(1);
  });
});

describe('permits export', () => {
  it('tells one permit as a review with its case events', async () => {
    const { out } = await runCommand(register, ['permits', 'export', fileOf(shown, 'mesa-air.json'), '--type', 'EA']);
    const { projects, processes, case_events: events } = JSON.parse(out) as StandardRecords;
    expect(projects).toMatchObject([
      { project_id: 'mesa', current_status: 'completed', start_date: '2027-01-31', location: { description: 'west' } },
    ]);
    expect(processes).toMatchObject([
      {
        process_id: 'mesa-air',
        process_type: 'EA',
        process_status: 'completed',
        process_stage: 'granted',
        process_outcome: 'permit issued',
        start_date: '2027-01-31',
        completion_date: '2027-04-01',
      },
    ]);
    expect(events.map(({ event_type, event_date }) => [event_type, event_date])).toEqual([
      ['Application', '2027-01-31'],
      ['Review', '2027-02-20'],
      ['Decision', '2027-04-01'],
    ]);
  });

  it('tells a project where its slowest review stands', () => {
    const open = facts.slice(0, 5) as unknown as readonly PermitFact[];
    const done = facts as unknown as readonly PermitFact[];
    const history = { project: 'mesa', agency: 'board', region: 'west' };
    const records = recordsOfFacts(
      [
        { ...history, permit: 'a', facts: done },
        { ...history, permit: 'b', facts: open },
      ],
      'EIS',
    );
    expect(records.projects).toMatchObject([{ project_id: 'mesa', current_status: 'underway' }]);
    expect(records.processes.map(({ process_status }) => process_status)).toEqual(['completed', 'underway']);
    expect(records.processes[1]).not.toHaveProperty('completion_date');
  });

  it.each([
    ['permits without a level', [fileOf(shown, 'g.json')], /--type: found nothing, allowed: CE, EA, EIS/],
    ['another level', [fileOf(shown, 'h.json'), '--type', 'air'], /--type: found air, allowed: CE, EA, EIS/],
    [
      'other JSON',
      [fileOf({ facts: [] }, 'i.json'), '--type', 'EA'],
      /i\.json: file: found another form, allowed: what `permit show --json` prints/,
    ],
    [
      'a fact that is none',
      [fileOf({ ...shown, facts: [{ ...facts[1], data: {} }] }, 'j.json'), '--type', 'EA'],
      /j\.json: facts\[0\]: found data/,
    ],
    [
      'a fact of something else',
      [fileOf({ ...shown, facts: [{ ...facts[1], type: 'grid.price.v1' }] }, 'k.json'), '--type', 'EA'],
      /facts\[0\]\.type: found grid\.price\.v1/,
    ],
    [
      'a table of something else',
      [fileOf('a,b\n1,2\n', 'l.csv')],
      /l\.csv: found columns a, b, allowed: agency, noi_date, rod_date, final_eis_date/,
    ],
  ])('refuses %s in one line', async (_, words, message) => {
    await expect(runCommand(register, ['permits', 'export', ...words])).rejects.toThrow(message);
  });
});

describe('a permit that is simulated', () => {
  it('goes out as a review of the standard and comes back as a duration of the same days', async () => {
    const world = projectWorld({ agencies: [agency({ informationRequestRatio: 1, noticeDays: 4 })] });
    const said = factsOf(world, 24 * 60).filter(
      ({ entity, type }) => entity === 'mesa-air' && /^permit\.(filing|review|decision|phase)/.test(type),
    );
    const file = fileOf({ permit: { id: 'mesa-air', project: 'mesa', agency: 'board' }, facts: said }, 'simulated.json');
    const { out } = await runCommand(register, ['permits', 'export', file, '--type', 'EA']);
    const records = JSON.parse(out) as StandardRecords;
    if (standardSchemaFile !== null) expect(wrongBySchema(records)).toBe('');
    const types = records.case_events.map(({ event_type }) => event_type);
    expect(types[0]).toBe('Application');
    expect(types.filter((type) => type.startsWith('Information'))).toEqual(['Information Request', 'Information Response']);
    expect(types.at(-1)).toBe('Decision');
    expect(records.processes).toMatchObject([{ process_stage: 'granted', process_outcome: 'permit issued' }]);
    const checked = JSON.parse((await runCommand(register, ['permits', 'check', fileOf(records, 'out.json'), '--json'])).out) as Checked;
    expect([checked.isValid, checked.statuses.map(({ phase }) => phase)]).toEqual([true, ['granted']]);
    const fit = JSON.parse(
      (await runCommand(register, ['permits', 'fit', fileOf(records, 'out.json'), '--as-of', '2030-01-01', '--json'])).out,
    ) as FitAnswer;
    const [filed, decided] = [said.find(({ type }) => type === 'permit.filing.v1'), said.find(({ type }) => type === 'permit.decision.v1')];
    const days = Math.floor((decided?.timeMs ?? 0) / dayMs) - Math.floor((filed?.timeMs ?? 0) / dayMs);
    expect(days).toBeGreaterThan(15);
    expect(fit.groups).toMatchObject([
      { agency: 'all', medianDays: days },
      { agency: 'board', medianDays: days },
    ]);
  });
});

describe('permits check and fit on a file of the standard', () => {
  const project = {
    project_id: 'p',
    project_title: 'P',
    project_description: 'P',
    project_sector: 'energy',
    project_sponsor: { name: 'S' },
    lead_agency: 'BLM',
    location: { description: 'NV' },
  };
  const of = (id: string, more: object = {}) => ({
    process_id: id,
    project_id: 'p',
    process_type: 'EIS',
    process_status: 'underway',
    lead_agency: 'BLM',
    ...more,
  });
  const event = (id: string, process_id: string, event_type: string, event_date: string) => ({
    case_event_id: id,
    process_id,
    event_name: event_type,
    event_type,
    event_date,
  });

  it('name ids that stand twice and references to what there is not', async () => {
    const file = fileOf(
      {
        projects: [project, project],
        processes: [of('a'), of('b', { project_id: 'q' })],
        case_events: [event('1', 'c', 'NOI', '2020-01-01')],
      },
      'references.json',
    );
    const { out } = await runCommand(register, ['permits', 'check', file, '--json']);
    expect((JSON.parse(out) as Checked).problems.map(({ field, found }) => [field, found])).toEqual([
      ['projects[1].project_id', 'p a second time'],
      ['processes[1].project_id', 'q'],
      ['case_events[0].process_id', 'c'],
    ]);
    expect((await runCommand(register, ['permits', 'check', file])).out).toMatch(/not of the standard: 3 places/);
  });

  it('take days from the process or its events, and leave out what cannot be', async () => {
    const processes = [
      of('dated', { start_date: '2020-01-01', completion_date: '2020-12-31', process_status: 'completed' }),
      of('told'),
      of('open', { lead_agency: 'NPS' }),
      of('wrong', { start_date: '2020-01-01', completion_date: '2019-01-01' }),
      of('dated', { start_date: '2020-01-01', completion_date: '2020-02-01' }),
      of('nothing'),
    ];
    const events = [
      event('1', 'told', 'NOI', '2020-01-01'),
      event('2', 'told', 'ROD', '2020-07-19'),
      event('3', 'open', 'NOI', '2020-01-01'),
      event('4', 'open', 'Final EIS', '2020-04-10'),
    ];
    const file = fileOf({ projects: [project], processes, case_events: events }, 'days.json');
    const { out } = await runCommand(register, ['permits', 'fit', file, '--json']);
    const answer = JSON.parse(out) as FitAnswer;
    expect(answer.groups.map(({ agency, count, censored, medianDays }) => [agency, count, censored, medianDays])).toEqual([
      ['all', 3, 1, 282.5],
      ['BLM', 2, 0, 282.5],
      ['NPS', 1, 1, null],
    ]);
    expect(answer.quarantine.map(({ field, reason }) => [field, reason])).toEqual([
      ['processes[3].completion_date or ROD', 'end before start'],
      ['processes[4].process_id', 'duplicate id'],
      ['processes[5].start_date or NOI', 'no date'],
    ]);
    await expect(runCommand(register, ['permits', 'fit', file, '--by', 'state'])).rejects.toThrow(
      /--by: found state, allowed: lead_agency, none/,
    );
    await expect(runCommand(register, ['permits', 'fit', fileOf({ projects: 3 }, 'no.json')])).rejects.toThrow(
      /no\.json: projects: found 3, allowed: array/,
    );
  });
});
