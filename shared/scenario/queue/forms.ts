import { steps, type Step } from '../../domain/queue/steps.js';
import { wrongInput } from '../../runtime/errors.js';
import type { Table } from '../csv.js';

/** What the columns of a queue file hold. Columns that a file does not have are left out of its form. */
export interface QueueForm {
  readonly form: string;
  readonly id: string;
  /** Column of the word that says where a project stands; null: only its dates say it. */
  readonly status: string | null;
  /** Step that each status word, in small letters, says is reached; null: none. */
  readonly statusSteps: Readonly<Record<string, Step | null>>;
  readonly dates: readonly (readonly [column: string, step: Step])[];
  /** Words, in small letters, that say that a step is reached, the day not known. */
  readonly words: readonly { readonly column: string; readonly words: readonly string[]; readonly step: Step }[];
  /** On-line date as filed with the request. */
  readonly filed: string | null;
  /** On-line date as planned now. */
  readonly planned: string | null;
  /** Date that `online` is a copy of: where the two differ it counts by itself. */
  readonly copyOf: { readonly column: string; readonly of: string } | null;
  readonly capacityMw: string | null;
  /** Day of the snapshot. */
  readonly snapshot: string | null;
}

const statusWords = { active: null, suspended: null, '': null, withdrawn: 'withdrawn' } as const;
const agreementWords = ['executed'];

/** A form with every column that it may have; of the status columns the first that is there counts. */
interface KnownForm extends Omit<QueueForm, 'status'> {
  readonly status: readonly string[];
}

/** Files of the grid operators, tried in this order: the first of which a file has the id and the request. */
const knownForms: readonly KnownForm[] = [
  {
    form: 'normalised',
    id: 'Queue_ID',
    status: ['Status'],
    statusSteps: { ...statusWords, completed: 'in-operation' },
    dates: [
      ['Queue_Date', 'requested'],
      ['Screening_Study_Started', 'screening-started'],
      ['Screening_Study_Complete', 'screening-complete'],
      ['FIS_Requested', 'study-requested'],
      ['FIS_Approved', 'study-approved'],
      ['IA_Signed', 'agreement-signed'],
      ['Air_Permit', 'air-permit'],
      ['GHG_Permit', 'emissions-permit'],
      ['Water_Availability', 'water-right'],
      ['Meets_Planning', 'planning-met'],
      ['Meets_All_Planning', 'all-planning-met'],
      ['Approved_for_Energization', 'energization-approved'],
      ['Approved_for_Synchronization', 'synchronization-approved'],
      ['Actual_Completion_Date', 'in-operation'],
      ['Withdrawn_Date', 'withdrawn'],
    ],
    words: [{ column: 'Interconnection_Agreement_Status', words: agreementWords, step: 'agreement-signed' }],
    filed: 'Proposed_On-line_Date_(as_filed_with_IR)',
    planned: 'Proposed_Completion_Date',
    copyOf: { column: 'Actual_Completion_Date', of: 'Approved_for_Synchronization' },
    capacityMw: 'Capacity_(MW)',
    snapshot: null,
  },
  {
    form: 'CAISO report',
    id: 'Queue Position',
    status: ['sheet', 'Application Status'],
    statusSteps: { ...statusWords, completed: 'in-operation' },
    dates: [
      ['Queue Date', 'requested'],
      ['Actual On-line Date', 'in-operation'],
      ['Withdrawn Date', 'withdrawn'],
    ],
    words: [
      { column: 'System Impact Study or Phase I Cluster Study', words: ['complete'], step: 'screening-complete' },
      { column: 'Facilities Study (FAS) or Phase II Cluster Study', words: ['complete'], step: 'study-approved' },
      { column: 'Interconnection Agreement Status', words: agreementWords, step: 'agreement-signed' },
    ],
    filed: 'Proposed On-line Date (as filed with IR)',
    planned: 'Current On-line Date',
    copyOf: null,
    capacityMw: 'Net MWs to Grid',
    snapshot: 'snapshot_date',
  },
  {
    form: 'MISO list',
    id: 'Project #',
    status: ['Request Status'],
    statusSteps: { ...statusWords, done: 'agreement-signed', 'legacy: done': 'agreement-signed' },
    dates: [
      ['Queue Date', 'requested'],
      ['Done Date', 'agreement-signed'],
      ['Withdrawn Date', 'withdrawn'],
    ],
    words: [{ column: 'Post GIA Status', words: ['in service', 'in service (with provisional gia)'], step: 'in-operation' }],
    filed: 'Appl In Service Date',
    planned: 'Negotiated In Service Date',
    copyOf: null,
    capacityMw: 'Summer MW',
    snapshot: null,
  },
  {
    form: 'LBNL list',
    id: 'q_id',
    status: ['q_status'],
    statusSteps: { ...statusWords, operational: 'in-operation' },
    dates: [
      ['q_date', 'requested'],
      ['ia_date', 'agreement-signed'],
      ['on_date', 'in-operation'],
      ['wd_date', 'withdrawn'],
    ],
    words: [],
    filed: null,
    planned: 'prop_date',
    copyOf: null,
    capacityMw: 'mw1',
    snapshot: null,
  },
];

/** Words that `--columns` takes beside the steps. */
const otherRoles = ['id', 'status', 'filed', 'planned', 'mw', 'snapshot'] as const;

/**
 * The form of a queue file; `asked` names columns as role=column pairs, for other files or to add to a known form.
 * @throws TWIN_WRONG_INPUT naming a role or column that there is not, or when the file has no id or request.
 */
export function formOf(table: Table, asked: string | undefined): QueueForm {
  const named = namedColumns(table, asked);
  const known = knownForms.find(({ id, dates }) => table.header.includes(id) && table.header.includes(dates[0]?.[0] ?? ''));
  const form = withNamed(known === undefined ? null : presentIn(table, known), named);
  if (form !== null) return form;
  const found = `columns ${table.header.slice(0, 8).join(', ')}`;
  const forms = knownForms.map(({ id, dates }) => `${id} and ${dates[0]?.[0] ?? ''}`).join('; ');
  throw wrongInput(`${table.file}: found ${found}, allowed: ${forms}; or --columns id=COLUMN,requested=COLUMN`);
}

/** A known form without the columns that the table does not have. */
function presentIn({ header }: Table, known: KnownForm): QueueForm {
  const has = (column: string): boolean => header.includes(column);
  const orNull = (column: string | null): string | null => (column !== null && has(column) ? column : null);
  const dates = known.dates.filter(([column]) => has(column));
  // Where agreements have their own dates, what is called completed is the study process.
  const completed = dates.some(([column]) => column === 'IA_Signed') ? { completed: 'agreement-signed' as const } : {};
  return {
    ...known,
    dates,
    statusSteps: { ...known.statusSteps, ...completed },
    status: known.status.find(has) ?? null,
    words: known.words.filter(({ column }) => has(column)),
    filed: orNull(known.filed),
    planned: orNull(known.planned),
    copyOf: known.copyOf !== null && has(known.copyOf.column) && has(known.copyOf.of) ? known.copyOf : null,
    capacityMw: orNull(known.capacityMw),
    snapshot: orNull(known.snapshot),
  };
}

/** Roles and the columns that a user gives them. */
function namedColumns(table: Table, asked: string | undefined): ReadonlyMap<string, string> {
  const named = new Map<string, string>();
  const roles: readonly string[] = [...otherRoles, ...steps];
  for (const pair of asked === undefined ? [] : asked.split(',')) {
    const [role = '', column = ''] = pair.split(/=(.*)/s).map((part) => part.trim());
    if (!roles.includes(role)) throw wrongInput(`--columns: found ${pair}, allowed: ROLE=COLUMN with a role of ${roles.join(', ')}`);
    if (!table.header.includes(column)) throw wrongInput(`--columns: found ${pair}, allowed: a column of ${table.header.join(', ')}`);
    named.set(role, column);
  }
  return named;
}

function withNamed(known: QueueForm | null, named: ReadonlyMap<string, string>): QueueForm | null {
  const id = named.get('id') ?? known?.id;
  const dates = steps.flatMap((step) => {
    const column = named.get(step) ?? known?.dates.find(([, own]) => own === step)?.[0];
    return column === undefined ? [] : [[column, step] as const];
  });
  if (id === undefined || !dates.some(([, step]) => step === 'requested')) return null;
  return {
    form: named.size === 0 ? (known?.form ?? '') : `${known?.form ?? 'columns'} as named`,
    id,
    dates,
    status: named.get('status') ?? known?.status ?? null,
    statusSteps: known?.statusSteps ?? { ...statusWords, completed: 'in-operation', operational: 'in-operation' },
    words: known?.words ?? [],
    filed: named.get('filed') ?? known?.filed ?? null,
    planned: named.get('planned') ?? known?.planned ?? null,
    copyOf: known?.copyOf ?? null,
    capacityMw: named.get('mw') ?? known?.capacityMw ?? null,
    snapshot: named.get('snapshot') ?? known?.snapshot ?? null,
  };
}
