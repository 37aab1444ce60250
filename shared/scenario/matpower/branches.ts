import { plainLine, plainLink } from '../plain.js';
import type { Line, Link } from '../networkSchema.js';
import type { CaseBuses } from './buses.js';
import { idsOf } from './buses.js';
import type { CaseText } from './caseText.js';
import { rowsOfMatrix, textsOf, type CaseRow } from './caseTable.js';

/** What a matrix gave: the things that take part, load that stands in for what they cannot carry, and what was passed over. */
export interface Read<Thing> {
  readonly things: readonly Thing[];
  /** MW drawn at a bus at all times; negative: put in. */
  readonly loads: readonly { readonly bus: string; readonly mw: number }[];
  readonly warnings: readonly string[];
  readonly outOfService: number;
  /** How many hang on isolated buses. */
  readonly isolated: number;
}

/** Below this a line is a short circuit, and angles are lost to rounding; the smallest of published cases are a hundred times as large. */
export const leastReactancePu = 1e-8;

/** What is done about a branch without reactance but with resistance: in a DC power flow with b = x/(r^2+x^2) it carries nothing. */
export type ZeroReactance = 'refuse' | 'leave-out';

const noAngle = 360;

/**
 * Reads the branches in service; per-unit values are converted to 100 MVA.
 * @throws TWIN_WRONG_INPUT for an unknown bus, both ends at one bus, zero reactance, and ratings, taps or angles that cannot be.
 */
export function readLines(
  text: CaseText,
  { buses, baseMva, zeroReactance }: { readonly buses: CaseBuses; readonly baseMva: number; readonly zeroReactance: ZeroReactance },
): Read<Line> {
  const rows = rowsOfMatrix(text, 'branch');
  const ids = idsOf(textsOf(text, 'branch_id', { of: 'branch', count: rows.length }), text.file);
  const nextId = numbered('line');
  const toBase100 = (value: number): number => (baseMva === 100 ? value : (value * 100) / baseMva);
  const things: Line[] = [];
  let [outOfService, isolated, withoutReactance] = [0, 0, 0];
  for (const [index, row] of rows.entries()) {
    const [fromBus, toBus] = [buses.idAt(row, 'fbus'), buses.idAt(row, 'tbus')];
    if (row.number('status') <= 0) outOfService += 1;
    else if (fromBus === null || toBus === null) isolated += 1;
    else if (isWithoutReactance(row, zeroReactance)) withoutReactance += 1;
    else {
      if (fromBus === toBus) row.refuse('tbus', `${row.number('tbus')}, the bus it begins at`, 'another bus');
      things.push({
        ...plainLine,
        id: ids?.[index] ?? nextId(fromBus, toBus),
        fromBus,
        toBus,
        resistancePu: toBase100(row.number('r')),
        reactancePu: toBase100(row.number('x')),
        ...ratingsOf(row),
        ...turnsOf(row),
        ...anglesOf(row),
      });
    }
  }
  const warnings =
    withoutReactance === 0 ? [] : [`branches without reactance are left out, they carry nothing in --dc series: ${withoutReactance}`];
  return { things, loads: [], warnings, outOfService, isolated };
}

/**
 * Reads the DC lines in service. A range of transfer that does not include 0 is split into a fixed transfer, kept as load at both ends,
 * and the rest; losses are left out.
 * @throws TWIN_WRONG_INPUT for an unknown bus, both ends at one bus, and Pmin above Pmax.
 */
export function readLinks(text: CaseText, buses: CaseBuses): Read<Link> {
  const rows = text.tables.has('dcline') || text.computed.has('dcline') ? rowsOfMatrix(text, 'dcline') : [];
  const ids = idsOf(textsOf(text, 'dcline_id', { of: 'dcline', count: rows.length }), text.file);
  const nextId = numbered('dc');
  const [things, loads, warnings]: [Link[], { bus: string; mw: number }[], string[]] = [[], [], []];
  let [outOfService, isolated, lossy] = [0, 0, 0];
  for (const [index, row] of rows.entries()) {
    const [fromBus, toBus] = [buses.idAt(row, 'fbus'), buses.idAt(row, 'tbus')];
    if (row.number('status') <= 0) outOfService += 1;
    else if (fromBus === null || toBus === null) isolated += 1;
    else {
      if (fromBus === toBus) row.refuse('tbus', `${row.number('tbus')}, the bus it begins at`, 'another bus');
      const [leastMw, mostMw] = [row.number('Pmin'), row.number('Pmax')];
      if (leastMw > mostMw) row.refuse('Pmin', leastMw, `up to Pmax, ${mostMw}`);
      if (row.number('loss0', 0) !== 0 || row.number('loss1', 0) !== 0) lossy += 1;
      const fixedMw = Math.max(leastMw, 0) + Math.min(mostMw, 0);
      if (fixedMw !== 0) {
        loads.push({ bus: fromBus, mw: fixedMw }, { bus: toBus, mw: -fixedMw });
        warnings.push(`DC line ${fromBus} to ${toBus} cannot go below ${Math.abs(fixedMw)} MW: they are kept as load at its ends`);
      }
      const id = ids?.[index] ?? nextId(fromBus, toBus);
      const link = linkOf({ id, fromBus, toBus, leastMw: leastMw - fixedMw, mostMw: mostMw - fixedMw });
      if (link !== null) things.push({ ...link, scheduledMw: (link.fromBus === fromBus ? 1 : -1) * (row.number('Pf') - fixedMw) + 0 });
      else if (fixedMw === 0) warnings.push(`DC line ${fromBus} to ${toBus} can carry nothing and is left out`);
    }
  }
  if (lossy > 0) warnings.push(`losses of DC lines are left out: ${lossy}`);
  return { things, loads, warnings, outOfService, isolated };
}

/** Ids of things between two buses: the first, second... from one to the other. */
export function numbered(kind: string): (fromBus: string, toBus?: string) => string {
  const counts = new Map<string, number>();
  return (fromBus, toBus) => {
    const stem = toBus === undefined ? `${kind}-${fromBus}` : `${kind}-${fromBus}-${toBus}`;
    const count = (counts.get(stem) ?? 0) + 1;
    counts.set(stem, count);
    return `${stem}-${count}`;
  };
}

function isWithoutReactance(row: CaseRow, zeroReactance: ZeroReactance): boolean {
  const x = row.number('x');
  if (x === 0 && zeroReactance === 'leave-out' && row.number('r') !== 0) return true;
  if (x === 0) return row.refuse('x', 0, 'a reactance other than 0');
  return Math.abs(x) < leastReactancePu ? row.refuse('x', x, `a reactance of at least ${leastReactancePu}`) : false;
}

function ratingsOf(row: CaseRow): Pick<Line, 'ratingMw' | 'emergencyRatingMw'> {
  const [ratingMw, longTermMw] = (['rateA', 'rateB'] as const).map((column) => {
    const value = row.limit(column);
    if (value < 0) row.refuse(column, value, 'a number in MVA from 0; 0: no rating');
    return value === 0 || value === Infinity ? null : value;
  }) as [number | null, number | null];
  return { ratingMw, emergencyRatingMw: ratingMw === null || longTermMw === null ? null : Math.max(ratingMw, longTermMw) };
}

function turnsOf(row: CaseRow): Pick<Line, 'tapRatio' | 'phaseShiftDegrees'> {
  const ratio = row.number('ratio');
  if (ratio < 0) row.refuse('ratio', ratio, 'a number from 0; 0: no transformer');
  return { tapRatio: ratio === 0 ? 1 : ratio, phaseShiftDegrees: row.number('angle') };
}

function anglesOf(row: CaseRow): Pick<Line, 'angleMinDegrees' | 'angleMaxDegrees'> {
  const [least, most] = [row.limit('angmin', -noAngle), row.limit('angmax', noAngle)];
  if (least === 0 && most === 0) return { angleMinDegrees: -noAngle, angleMaxDegrees: noAngle };
  if (least > most) row.refuse('angmin', least, `up to angmax, ${most}`);
  return { angleMinDegrees: Math.max(least, -noAngle), angleMaxDegrees: Math.min(most, noAngle) };
}

/** A link whose range includes 0, so turned that it can carry something forward; null when it can carry nothing. */
function linkOf(range: {
  readonly id: string;
  readonly fromBus: string;
  readonly toBus: string;
  readonly leastMw: number;
  readonly mostMw: number;
}): Link | null {
  const { id, fromBus, toBus, leastMw, mostMw } = range;
  const backMw = -leastMw + 0;
  if (mostMw > 0) return { ...plainLink, id, fromBus, toBus, capacityMw: mostMw, reverseCapacityMw: backMw === mostMw ? null : backMw };
  return backMw > 0 ? { ...plainLink, id, fromBus: toBus, toBus: fromBus, capacityMw: backMw, reverseCapacityMw: 0 } : null;
}
