import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTable } from '../../shared/scenario/csv.js';
import { permitRecord } from '../../shared/scenario/permitRecord.js';
import { readPermitRecords } from '../../shared/scenario/permits/records.js';
import { readStandardRecords } from '../../shared/scenario/permits/standardRecords.js';
import { formOf } from '../../shared/scenario/queue/forms.js';
import { projectsOf } from '../../shared/scenario/queue/projects.js';
import { folderOfFiles, testReaders } from '../support/badFiles.js';
import { complaintAboutLine, everyCaseLater, spoilt, spoiltText, triedLater } from '../support/badInput.js';

const events = `project_id,seq,date,event_type,source_url
p1,1,2020-01-15,nepa_eis,https://example.org/notice-of-intent.pdf
p1,2,03/04/2021,nepa_eis,https://example.org/draft-eis.pdf
p1,3,16 May 2022,nepa_eis,https://example.org/final-eis.pdf
p1,4,2022-09-01,nepa_eis,https://example.org/record-of-decision.pdf
p1,5,2023-01-01,litigation,https://example.org/suit.html
p2,1,2021-01-01,nepa_ea,"https://example.org/a,b"
`;
const statements = `agency,noi_date,rod_date,final_eis_date
BLM,2015-01-02,2018-03-04,2018-01-02
USFS,2016-02-03,2019-04-05,2019-01-05
BLM,2017-03-04,,2020-02-03
`;
const queue = `q_id,q_status,q_date,ia_date,on_date,wd_date,mw1
1,active,2019-01-01,,,,100
2,withdrawn,2018-02-03,2020-01-01,,2021-01-01,50
3,operational,2010-01-01,2012-01-01,2014-01-01,,20
`;
const until = { asOfDay: 20_000, isOpenThen: true };

/** What is left out of a file is told in lines of their own. */
async function readEvents(path: string): Promise<void> {
  const table = await readTable(path);
  for (const project of ['p1', 'p2', '__proto__'])
    for (const line of permitRecord(table, project).quarantined) expect(complaintAboutLine(line)).toBeNull();
}

async function readQueue(path: string): Promise<void> {
  const table = await readTable(path);
  projectsOf(table, formOf(table, undefined));
}

const folder = folderOfFiles();
const named = { start: 'noi_date', end: 'rod_date', censor: 'final_eis_date', by: 'agency' };
testReaders([
  { what: 'events of a permit', sound: events, read: readEvents },
  { what: 'impact statements', sound: statements, read: (path) => readPermitRecords(path, {}, until) },
  { what: 'permit records with named columns', sound: statements, read: (path) => readPermitRecords(path, named, until) },
  { what: 'an interconnection queue', sound: queue, read: readQueue },
]);

test('a project of a queue whose status is a name that every object has is left out as any unknown status', async () => {
  const path = join(folder, 'queue.csv');
  writeFileSync(path, queue.replace('active', 'constructor'));
  const table = await readTable(path);
  const { projects, quarantined } = projectsOf(table, formOf(table, undefined));
  expect(projects.map(({ id }) => id)).toEqual(['2', '3']);
  expect(quarantined).toMatchObject([{ line: 2, found: '"constructor"', reason: 'unknown status' }]);
});

describe('a file of the permitting standard', () => {
  const project = {
    project_id: 'p',
    project_title: 'P',
    project_description: 'd',
    project_sector: 'energy',
    project_sponsor: { name: 'n' },
    lead_agency: 'BLM',
    location: { description: 'here' },
    start_date: '2020-01-01',
  };
  const process = {
    process_id: 'q',
    project_id: 'p',
    process_type: 'EIS',
    process_status: 'completed',
    lead_agency: 'BLM',
    start_date: '2020-01-01',
    completion_date: '2022-01-01',
  };
  const event = {
    case_event_id: 'e',
    process_id: 'q',
    event_name: 'Notice',
    event_date: '2020-01-01',
    event_type: 'NOI',
    status: 'completed',
  };
  const standard = { projects: [project], processes: [process], case_events: [event] };
  const path = join(folder, 'standard.json');
  const read = (bytes: string | Buffer): Promise<string | null> => {
    writeFileSync(path, bytes);
    return triedLater(() => readStandardRecords(path, {}, until), path);
  };

  test('is read where nothing is wrong', async () => {
    writeFileSync(path, JSON.stringify(standard));
    expect((await readStandardRecords(path, {}, until)).records).toHaveLength(1);
  });

  test('with something wrong in it is read or refused in one line', async () => {
    await everyCaseLater(spoilt(standard), (odd) => read(JSON.stringify(odd) ?? ''));
    await everyCaseLater(spoiltText(JSON.stringify(standard, null, 1)), read);
  });

  test('of lists in lists is refused in one line', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    expect(await read(deep)).toBeNull();
    expect(await read(JSON.stringify({ projects: 'HERE' }).replace('"HERE"', deep))).toBeNull();
  });
});
