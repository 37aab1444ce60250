import type { Campus, Run } from '../../scenario/schema.js';
import { checkpointBytesOf } from './checkpoint.js';
import { estimateMove } from './move.js';
import type { Obstacle, PlaceEnergy } from './place.js';
import { estimateSplit } from './split.js';
import { sharedRoom } from './standing.js';

/** Steps between exchanges; null: the run moves as a whole. */
export type Way = number | null;

/** A run, where it is, and a campus it could go to. */
export interface Journey {
  readonly run: Run;
  readonly steps: number;
  readonly from: PlaceEnergy;
  readonly to: PlaceEnergy;
  readonly destination: Campus;
  /** Limit of the destination that shares are taken of. */
  readonly limitMw: number;
}

/** Axes of the table, and what holds for all cells. */
export interface TableAxes {
  readonly gbps: readonly number[];
  /** Shares of what the connection of the destination can feed that stand free. */
  readonly spareRatios: readonly number[];
  readonly ways: readonly Way[];
  readonly ringLatencySeconds: number;
  readonly valueOfComputeUsdPerMwh: number;
}

/** One way to send one run, over one link, with so much free. */
export interface TableCell {
  readonly run: string;
  readonly from: string;
  readonly to: string;
  readonly way: Way;
  readonly gbps: number;
  readonly spareRatio: number;
  readonly obstacles: readonly Obstacle[];
  readonly endMovedHours: number;
  readonly endMovedRatio: number;
  readonly netSavedUsd: number;
  readonly netSavedCarbonTonnes: number;
  /** It can be done, the end moves by 2 % at most, and cost falls. */
  readonly holds: boolean;
}

/** The cells in numbers. */
export interface TableShares {
  readonly cells: number;
  /** Share of cells that lack accelerators or power at the destination. */
  readonly failsOnSpareRatio: number;
  /** Share of cells that nothing stands in the way of. */
  readonly possibleRatio: number;
  /** Share of cells whose end moves by 2 % at most, whatever is free. */
  readonly inTimeRatio: number;
  /** Share of cells in which cost would fall, whatever is free. */
  readonly cheaperRatio: number;
  /** Share of cells in which less would be emitted, whatever is free. */
  readonly cleanerRatio: number;
  readonly holdsRatio: number;
}

/** Latest end that still counts as no matter, as a share of the time left. Source: docs/moving.md. */
export const endMovedMostRatio = 0.02;

/** All cells: runs outermost, then ways, links and spare. */
export function tableOf(journeys: readonly Journey[], axes: TableAxes): readonly TableCell[] {
  return journeys.flatMap((journey) =>
    axes.ways.flatMap((way) =>
      axes.gbps.flatMap((gbps) => axes.spareRatios.map((spareRatio) => cellOf(journey, axes, { way, gbps, spareRatio }))),
    ),
  );
}

function cellOf(
  { run, steps, from, to, destination, limitMw }: Journey,
  { ringLatencySeconds, valueOfComputeUsdPerMwh }: TableAxes,
  { way, gbps, spareRatio }: { readonly way: Way; readonly gbps: number; readonly spareRatio: number },
): TableCell {
  const room = sharedRoom(destination, run, { ratio: spareRatio, limitMw });
  const common = { steps, gbps, valueOfComputeUsdPerMwh };
  const parts = [
    { energy: from, shareRatio: 0.5, room: null },
    { energy: to, shareRatio: 0.5, room },
  ];
  const { obstacles, endMovedHours, endMovedRatio, netSavedUsd, netSavedCarbonTonnes } =
    way === null
      ? estimateMove(run, { ...common, from, to, room })
      : estimateSplit(run, { ...common, everySteps: way, ringLatencySeconds, parts });
  const holds = obstacles.length === 0 && endMovedRatio <= endMovedMostRatio && netSavedUsd > 0;
  const result = { obstacles, endMovedHours, endMovedRatio, netSavedUsd, netSavedCarbonTonnes, holds };
  return { run: run.id, from: from.campus, to: to.campus, way, gbps, spareRatio, ...result };
}

/** Counts cells. */
export function sharesOf(cells: readonly TableCell[]): TableShares {
  const share = (is: (cell: TableCell) => boolean): number => (cells.length === 0 ? 0 : cells.filter(is).length / cells.length);
  return {
    cells: cells.length,
    failsOnSpareRatio: share(({ obstacles }) => obstacles.includes('accelerators') || obstacles.includes('power')),
    possibleRatio: share(({ obstacles }) => obstacles.length === 0),
    inTimeRatio: share(({ endMovedRatio }) => endMovedRatio <= endMovedMostRatio),
    cheaperRatio: share(({ netSavedUsd }) => netSavedUsd > 0),
    cleanerRatio: share(({ netSavedCarbonTonnes }) => netSavedCarbonTonnes > 0),
    holdsRatio: share(({ holds }) => holds),
  };
}

/** An assumed input taken otherwise, and what then becomes of the table. */
export interface TableFlip {
  readonly input: 'checkpointBytes' | 'valueOfComputeUsdPerMwh' | 'priceDifference';
  readonly factor: number;
  readonly holdsRatio: number;
}

const factors = [0.1, 0.5, 2, 10];

/** The share of cells that hold when one assumed input at a time is smaller or larger. */
export function flipsOf(journeys: readonly Journey[], axes: TableAxes): readonly TableFlip[] {
  const holdsIn = (changed: readonly Journey[], withAxes: TableAxes): number => sharesOf(tableOf(changed, withAxes)).holdsRatio;
  return factors.flatMap((factor): readonly TableFlip[] => {
    const resized = journeys.map((journey) => ({
      ...journey,
      run: { ...journey.run, checkpointBytes: Math.max(1, Math.round(factor * checkpointBytesOf(journey.run))) },
    }));
    const valueOfComputeUsdPerMwh = factor * axes.valueOfComputeUsdPerMwh;
    const spread = journeys.map((journey) => {
      const middle = (journey.from.priceUsdPerMwh + journey.to.priceUsdPerMwh) / 2;
      const apart = (energy: PlaceEnergy): PlaceEnergy => ({
        ...energy,
        priceUsdPerMwh: middle + factor * (energy.priceUsdPerMwh - middle),
      });
      return { ...journey, from: apart(journey.from), to: apart(journey.to) };
    });
    return [
      { input: 'checkpointBytes', factor, holdsRatio: holdsIn(resized, axes) },
      { input: 'valueOfComputeUsdPerMwh', factor, holdsRatio: holdsIn(journeys, { ...axes, valueOfComputeUsdPerMwh }) },
      { input: 'priceDifference', factor, holdsRatio: holdsIn(spread, axes) },
    ];
  });
}

export type Evidence = 'measured' | 'calibrated' | 'assumed';
export type Verdict = 'supported' | 'mixed' | 'contradicted' | 'open';

/**
 * The verdict on "where a cluster trains does not matter": supported where all cells hold, contradicted where none does, else mixed; what
 * rests on assumed inputs never counts as supported.
 */
export function verdictOn({ cells, holdsRatio }: TableShares, evidence: Evidence): Verdict {
  if (cells === 0) return 'open';
  if (holdsRatio === 0) return 'contradicted';
  if (holdsRatio < 1) return 'mixed';
  return evidence === 'assumed' ? 'open' : 'supported';
}
