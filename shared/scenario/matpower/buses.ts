import { plainBus } from '../plain.js';
import type { Bus } from '../networkSchema.js';
import { wrongInput } from '../../runtime/errors.js';
import type { CaseText } from './caseText.js';
import { rowsOfMatrix, textsOf, type CaseRow } from './caseTable.js';

/** The buses of a case that take part, and the way from a bus number to one of them. */
export interface CaseBuses {
  readonly buses: readonly Bus[];
  /** [buses]: line of the file. */
  readonly lines: readonly number[];
  /** Isolated buses (type 4), which are left out: number and load in MW. */
  readonly isolated: readonly { readonly number: number; readonly loadMw: number }[];
  /**
   * Id of the bus a cell names; null when that bus is isolated.
   * @throws TWIN_WRONG_INPUT when there is no such bus.
   */
  idAt(row: CaseRow, column: string): string | null;
}

const isolatedType = 4;
const referenceType = 3;

/**
 * Reads the bus matrix; areas are taken as regions, named `area-N`.
 * @throws TWIN_WRONG_INPUT for a number that stands twice or is none, a type other than 1 to 4, and numbers that are not finite.
 */
export function readBuses(text: CaseText): CaseBuses {
  const rows = rowsOfMatrix(text, 'bus');
  if (rows.length === 0) throw wrongInput(`${text.file}: mpc.bus: found no row, allowed: at least one bus`);
  const extent = { of: 'bus', count: rows.length };
  const names = textsOf(text, 'bus_name', extent);
  const ids = idsOf(textsOf(text, 'bus_id', extent), text.file);
  const idOfNumber = new Map<number, string | null>();
  const lineOfNumber = new Map<number, number>();
  const read: { readonly bus: Bus; readonly line: number }[] = [];
  const isolated: { number: number; loadMw: number }[] = [];
  for (const [index, row] of rows.entries()) {
    const number = row.number('bus_i');
    if (!Number.isSafeInteger(number) || number < 1) row.refuse('bus_i', number, 'a whole number from 1');
    const before = lineOfNumber.get(number);
    if (before !== undefined) row.refuse('bus_i', `${number} again, first on line ${before}`, 'each number once');
    lineOfNumber.set(number, row.line);
    const type = row.number('type');
    if (![1, 2, referenceType, isolatedType].includes(type)) row.refuse('type', type, '1, 2, 3 or 4');
    const loadMw = row.number('Pd');
    const id = ids?.[index] ?? String(number);
    idOfNumber.set(number, type === isolatedType ? null : id);
    if (type === isolatedType) isolated.push({ number, loadMw });
    else read.push({ bus: busOf(row, { id, name: names?.[index]?.[0] ?? id }), line: row.line });
  }
  return {
    buses: read.map(({ bus }) => bus),
    lines: read.map(({ line }) => line),
    isolated,
    idAt: (row, column) => {
      const number = row.number(column);
      const id = idOfNumber.get(number);
      return id === undefined ? row.refuse(column, `${number}, an unknown bus`, `the ${rows.length} buses of mpc.bus`) : id;
    },
  };
}

/**
 * First column of a cell array of ids.
 * @throws TWIN_WRONG_INPUT for one that stands twice or is no id.
 */
export function idsOf(texts: readonly string[][] | null, file: string): readonly string[] | null {
  if (texts === null) return null;
  const seen = new Set<string>();
  return texts.map(([id = '']) => {
    if (!/^[a-z0-9][a-z0-9_-]{0,79}$/.test(id))
      throw wrongInput(`${file}: id: found ${JSON.stringify(id)}, allowed: lower-case letters, digits and dashes`);
    if (seen.has(id)) throw wrongInput(`${file}: id: found ${JSON.stringify(id)} twice, allowed: each id once`);
    seen.add(id);
    return id;
  });
}

function busOf(row: CaseRow, { id, name }: { readonly id: string; readonly name: string }): Bus {
  const area = row.number('area');
  if (!Number.isSafeInteger(area) || area < 0) row.refuse('area', area, 'a whole number from 0');
  const baseKv = row.number('baseKV');
  return {
    ...plainBus,
    id,
    name,
    region: `area-${area}`,
    loadShareRatio: 0,
    fixedLoadMw: row.number('Pd'),
    shuntMw: row.number('Gs'),
    baseKv: baseKv > 0 ? baseKv : null,
    isReference: row.number('type') === referenceType,
  };
}
