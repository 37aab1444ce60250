import { roleOfEvent } from '../../domain/permit/standardWords.js';
import { wrongInput } from '../../runtime/errors.js';
import type { Quarantined } from '../quarantine.js';
import type { RecordColumns } from './columns.js';
import { checkSome, durationOf, type PermitRecord, type PermitRecords } from './records.js';
import { readStandard } from './standardFile.js';
import type { StandardFile } from './standardShape.js';

type Process = NonNullable<StandardFile['processes']>[number];
type Event = NonNullable<StandardFile['case_events']>[number];

/** Fields of the standard that stand for the columns of a table. */
const fields: RecordColumns = {
  group: 'lead_agency',
  start: 'start_date or NOI',
  end: 'completion_date or ROD',
  lastSeen: 'final statement or last case event',
  areStatements: false,
  status: null,
  id: 'process_id',
};

/**
 * The reviews of a file of the standard as cases: begun by their start date or notice of intent, ended by their completion date or
 * record of decision, else open until their final statement or their last event.
 * @throws TWIN_WRONG_INPUT when the file is not of the standard, or no review can be used.
 */
export async function readStandardRecords(
  path: string,
  asked: { readonly by?: string },
  until: { readonly asOfDay: number; readonly isOpenThen: boolean },
): Promise<PermitRecords> {
  if (asked.by !== undefined && asked.by !== 'lead_agency' && asked.by !== 'agency' && asked.by !== 'none')
    throw wrongInput(`--by: found ${asked.by}, allowed: lead_agency, none`);
  const { processes = [], case_events: events = [] } = await readStandard(path);
  const byProcess = new Map<string, Event[]>(processes.map(({ process_id }) => [process_id, []]));
  for (const event of events) byProcess.get(event.process_id)?.push(event);
  const columns = asked.by === 'none' ? { ...fields, group: null } : fields;
  const records: PermitRecord[] = [];
  const quarantined: Quarantined[] = [];
  const ids = new Set<string>();
  processes.forEach((process, place) => {
    const own = (byProcess.get(process.process_id) ?? []).toSorted((a, b) => (a.event_date < b.event_date ? -1 : 1));
    const areStatements = process.process_type === 'EIS' && own.some(({ event_type }) => roleOfEvent(event_type) === 'final');
    const found = ids.has(process.process_id)
      ? { field: 'process_id', found: `${process.process_id} a second time`, allowed: 'every id once', reason: 'duplicate id' }
      : durationOf(textsOf(process, own), { columns: { ...columns, areStatements }, ends: true, ...until });
    ids.add(process.process_id);
    if ('reason' in found) quarantined.push({ line: null, ...found, field: `processes[${place}].${found.field}` });
    else records.push({ ...found, agency: columns.group === null ? 'all' : process.lead_agency, line: null });
  });
  checkSome(path, records, quarantined);
  const haveFinal = [...byProcess.values()].every((own) => own.some(({ event_type }) => roleOfEvent(event_type) === 'final'));
  return { file: path, columns, given: haveFinal ? 'a final EIS' : 'being in the file', rows: processes.length, records, quarantined };
}

/** Days of one review as the texts that a table would hold; `events` by their date. */
function textsOf(process: Process, events: readonly Event[]): { readonly start: string; readonly end: string; readonly lastSeen: string } {
  const dateOf = (role: 'start' | 'final' | 'end'): string | undefined =>
    events.findLast(({ event_type, status }) => roleOfEvent(event_type) === role && status !== 'pending')?.event_date;
  const first = events.find(({ event_type }) => roleOfEvent(event_type) === 'start')?.event_date;
  return {
    start: process.start_date ?? first ?? '',
    end: process.completion_date ?? dateOf('end') ?? '',
    lastSeen: dateOf('final') ?? events.at(-1)?.event_date ?? '',
  };
}
