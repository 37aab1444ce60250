import type { Evidence } from '../../domain/ledger/evidence.js';
import type { Place } from '../../domain/siting/distance.js';
import { readTable, rowsOf } from '../csv.js';
import { columnNamed, columnNeeded, names, onceOnly, placeReader } from './columns.js';

/** A node of a real network with the surplus at it. */
export interface FiledNode {
  readonly id: string;
  readonly region: string;
  readonly place: Place | null;
  /** Mean over the hours of what is cheap or curtailed within its export limit, MW. */
  readonly surplusMw: number;
  /** Load that fits there; null: not known, and any load is taken to fit. */
  readonly hostingMw: number | null;
  /** Any measure of users; null: not known. */
  readonly population: number | null;
  /** Part of the surplus that built sites there take already, and that is given back to them, MW; null: not known. */
  readonly takenMw: number | null;
}

/** Nodes of a file, and how their surplus is known. */
export interface NodeFile {
  readonly nodes: readonly FiledNode[];
  /** Measured where every row names its source, else assumed. */
  readonly evidence: Evidence;
  readonly sources: readonly string[];
}

/**
 * Reads nodes: columns node and surplusMw; latitude and longitude, region, hostingMw, population, takenMw and source where they are there.
 * @throws TWIN_WRONG_INPUT naming file, line and column.
 */
export async function readNodeFile(path: string): Promise<NodeFile> {
  const table = await readTable(path);
  const nodeName = columnNeeded(table, names.node);
  columnNeeded(table, ['surplusMw']);
  const placeOf = placeReader(table);
  const has = (column: string): boolean => columnNamed(table, [column]) !== null;
  const [hasRegion, hasSource] = [has('region'), has('source')];
  const rows = rowsOf(table);
  const known = new Set<string>();
  const optional = (column: string) => {
    const isThere = has(column);
    return (row: (typeof rows)[number]): number | null => (isThere && row.text(column) !== '' ? row.atLeastZero(column) : null);
  };
  const [hostingOf, populationOf, takenOf] = [optional('hostingMw'), optional('population'), optional('takenMw')];
  const nodes = rows.map(
    (row): FiledNode => ({
      id: onceOnly(row, nodeName, known),
      region: hasRegion ? row.text('region') || row.refuse('region', 'nothing', 'a region') : 'all',
      place: placeOf === null ? null : placeOf(row),
      surplusMw: row.atLeastZero('surplusMw'),
      hostingMw: hostingOf(row),
      population: populationOf(row),
      takenMw: takenOf(row),
    }),
  );
  const sources = hasSource ? rows.map((row) => row.text('source')) : [];
  const isSourced = hasSource && !sources.includes('');
  return { nodes, evidence: isSourced ? 'measured' : 'assumed', sources: [...new Set(sources.filter((source) => source !== ''))] };
}
