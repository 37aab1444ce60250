import type { Place } from '../../domain/siting/distance.js';
import { wrongInput } from '../../runtime/errors.js';
import { readTable, rowsOf, type Row } from '../csv.js';
import { slugOf } from '../slug.js';
import { columnNamed, columnNeeded, names, onceOnly, placeReader } from './columns.js';

/** A real site with load at work. */
export interface FiledSite {
  readonly id: string;
  readonly mw: number;
  /** Null where the file names a node instead. */
  readonly place: Place | null;
  readonly node: string | null;
}

/** Sites of a file, and what was passed over. */
export interface SiteFile {
  readonly sites: readonly FiledSite[];
  /** Rows without MW at work: not built, or not known. */
  readonly withoutMw: number;
}

/** More than any site in the world draws, MW. */
const mostMw = 100_000;

/**
 * Reads sites with the MW they draw: columns site, mw, latitude and longitude, or a node; those of Epoch's data centres are known too.
 * @throws TWIN_WRONG_INPUT naming file, line and column.
 */
export async function readSiteFile(path: string): Promise<SiteFile> {
  const table = await readTable(path);
  const [siteName, mwName] = [columnNeeded(table, names.site), columnNeeded(table, names.mw)];
  const placeOf = placeReader(table);
  const nodeName = columnNamed(table, names.node);
  if (placeOf === null && nodeName === null)
    throw wrongInput(`${path}: found columns ${table.header.join(', ')}, allowed: with latitude and longitude, or node`);
  const known = new Set<string>();
  const rows = rowsOf(table).map((row) => ({
    row,
    id: onceOnly(row, siteName, known),
    mw: mwIn(row, mwName),
    place: placeOf === null ? null : placeOf(row),
    node: nodeName === null ? null : row.text(nodeName) || null,
  }));
  const built = rows.filter(({ mw }) => mw > 0);
  for (const { row, place, node } of built)
    if (place === null && node === null) row.refuse(nodeName ?? names.latitude[0], 'nothing', 'coordinates, or a node');
  if (built.length === 0) throw wrongInput(`${path}: ${mwName}: found no site above 0 MW, allowed: at least one`);
  return { sites: built.map(({ id, mw, place, node }) => ({ id, mw, place, node })), withoutMw: rows.length - built.length };
}

function mwIn(row: Row, column: string): number {
  const mw = row.atLeastZero(column, 0);
  return mw > mostMw ? row.refuse(column, mw, `0 to ${mostMw} MW`) : mw;
}

/**
 * Reads load that stands at buses of a network: columns bus and mw.
 * @throws TWIN_WRONG_INPUT naming file, line and column.
 */
export async function readBuiltFile(path: string, busIds: readonly string[]): Promise<{ readonly bus: string; readonly mw: number }[]> {
  const table = await readTable(path);
  const [busName, mwName] = [columnNeeded(table, names.bus), columnNeeded(table, names.mw)];
  return rowsOf(table).map((row) => ({ bus: busIn(row, { busName, busIds }), mw: positiveMw(row, mwName) }));
}

function positiveMw(row: Row, column: string): number {
  const mw = row.aboveZero(column);
  return mw > mostMw ? row.refuse(column, mw, `above 0 to ${mostMw} MW`) : mw;
}

/** The bus a cell names, which has to be one of the network. */
export function busIn(row: Row, { busName, busIds }: { readonly busName: string; readonly busIds: readonly string[] }): string {
  const bus = [row.text(busName), slugOf(row.text(busName))].find((id) => busIds.includes(id));
  if (bus !== undefined) return bus;
  return row.refuse(busName, JSON.stringify(row.text(busName)), `a bus of the network, such as ${busIds[0] ?? 'none'}`);
}
