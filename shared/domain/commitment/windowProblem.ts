import { at } from '../grid/dense.js';
import { createBuilder, type ColumnSpec, type ProblemBuilder } from './builder.js';
import type { Cluster } from './clusters.js';
import { addClusters, type ClusterColumns } from './clusterRows.js';
import type { Commitment } from './model.js';
import { addFreeGroups, addLinks, addSlack, addStorages, type FreeColumns, type SlackColumns, type StorageColumns } from './otherRows.js';
import type { MixedIntegerProblem } from './solver.js';
import type { CommitmentState, Schedule } from './state.js';

/** What is given for one hour. */
export interface WindowHour {
  /** [buses]: everything that has to be served there. */
  readonly loadMw: Float64Array;
  /** [units]: most it can give, 0 while it is out. */
  readonly availableMw: Float64Array;
  /** [reserve products]: requirement, MW. */
  readonly reserveMw: Float64Array;
}

/** A flow limit that is in the problem in one hour. */
export interface LimitRow {
  readonly limit: number;
  readonly hour: number;
}

/** MW that one unit of a column puts in at a bus. */
export interface Injection {
  readonly column: number;
  readonly bus: number;
  readonly mw: number;
}

/** A problem being written: hours, what they inherit, and what was decided already. */
export interface Draft {
  readonly commitment: Commitment;
  readonly state: CommitmentState;
  readonly hours: readonly WindowHour[];
  /** Null: units and storages are to be decided on; else that is fixed. */
  readonly fixed: Schedule | null;
  readonly builder: ProblemBuilder;
  /** [hours] */
  readonly injections: Injection[][];
  /** Adds a column whose cost falls in an hour. */
  column(hour: number, spec: ColumnSpec): number;
}

/** A window written out, and where in it to find what. */
export interface WindowProblem {
  readonly problem: MixedIntegerProblem;
  readonly clusters: readonly Cluster[];
  readonly clusterColumns: ClusterColumns;
  readonly freeColumns: FreeColumns;
  /** [hours * links] */
  readonly linkColumns: Int32Array;
  readonly storageColumns: StorageColumns;
  readonly slackColumns: SlackColumns;
  readonly injections: readonly (readonly Injection[])[];
  /** [columns] */
  readonly hourOfColumn: readonly number[];
  /** [hours * islands] */
  readonly balanceRows: Int32Array;
  /** Limits in the problem, and the row of each. */
  readonly limitRows: readonly (LimitRow & { readonly row: number })[];
}

export interface WindowRequest {
  readonly state: CommitmentState;
  readonly hours: readonly WindowHour[];
  readonly clusters: readonly Cluster[];
  readonly fixed: Schedule | null;
  readonly limitRows: readonly LimitRow[];
}

/**
 * The least-cost operation of some hours as plain data. Units: on, start and stop of each hour, with least times on and off as in Rajan and
 * Takriti (IBM RC23628, 2005); cost blocks no wider than what is on; ramps act on the power above the least output, so that a unit starts
 * into at most least output plus one hour of ramp, and stops from no more. Power balance in each island; flow limits only where asked for.
 */
export function windowProblem(commitment: Commitment, request: WindowRequest): WindowProblem {
  const { state, hours, clusters, fixed } = request;
  const builder = createBuilder();
  const hourOfColumn: number[] = [];
  const injections: Injection[][] = hours.map(() => []);
  const draft: Draft = {
    commitment,
    state,
    hours,
    fixed,
    builder,
    injections,
    column: (hour, spec) => {
      hourOfColumn.push(hour);
      return builder.column(spec);
    },
  };
  const clusterColumns = addClusters(draft, clusters);
  const freeColumns = addFreeGroups(draft);
  const linkColumns = addLinks(draft);
  const storageColumns = addStorages(draft);
  const slackColumns = addSlack(draft);
  const balanceRows = addBalances(draft);
  const limitRows = request.limitRows.map((place) => ({ ...place, row: addLimit(draft, place) }));
  return {
    problem: builder.finish(),
    clusters,
    clusterColumns,
    freeColumns,
    linkColumns,
    storageColumns,
    slackColumns,
    injections,
    hourOfColumn,
    balanceRows,
    limitRows,
  };
}

function addBalances({ commitment, hours, builder, injections }: Draft): Int32Array {
  const { islandCount, islandOfBus } = commitment;
  const rows = new Int32Array(hours.length * islandCount);
  hours.forEach(({ loadMw }, hour) => {
    for (let island = 0; island < islandCount; island++) {
      const entries = merged(injections[hour] ?? [], (bus) => (at(islandOfBus, bus) === island ? 1 : 0));
      const sumMw = loadMw.reduce((sum, mw, bus) => (at(islandOfBus, bus) === island ? sum + mw : sum), 0);
      rows[hour * islandCount + island] = builder.row({ lower: sumMw, upper: sumMw, entries });
    }
  });
  return rows;
}

function addLimit({ commitment, hours, builder, injections }: Draft, { limit: place, hour }: LimitRow): number {
  const limit = commitment.limits[place];
  const loadMw = hours[hour]?.loadMw;
  if (limit === undefined || loadMw === undefined) return -1;
  const drawnMw = loadMw.reduce((sum, mw, bus) => sum + mw * at(limit.factors, bus), 0) - limit.baseFlowMw;
  return builder.row({
    lower: limit.lowestMw + drawnMw,
    upper: limit.highestMw + drawnMw,
    entries: merged(injections[hour] ?? [], (bus) => at(limit.factors, bus)),
  });
}

/** Sum over buses of weight times injection, as entries of a row; what is smaller than 1e-9 is rounding. */
function merged(injections: readonly Injection[], weightOf: (bus: number) => number): [number, number][] {
  const sums = new Map<number, number>();
  for (const { column, bus, mw } of injections) sums.set(column, (sums.get(column) ?? 0) + mw * weightOf(bus));
  return [...sums].filter(([, value]) => Math.abs(value) > 1e-9);
}
