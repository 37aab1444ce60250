import { at, floatAt } from '../grid/dense.js';
import { largestPlace } from './loading.js';

/** A unit as reserve sees it. */
export interface ReserveUnit {
  readonly outputMw: number;
  readonly availableMw: number;
  readonly minMw: number;
  /** Null: no limit. */
  readonly rampMwPerMinute: number | null;
  /** Committed, or running where nothing says which units are (`isOnline`); cold units never count. */
  readonly isOnline: boolean;
  readonly providesReserve: boolean;
  /** Stands for many plants at many places, which no single event takes out together; absent: one plant. */
  readonly isSpread?: boolean;
}

/** One direction: the single loss that reserve covers worst, and what there is against it. */
export interface Coverage {
  /** The loss with the most MW uncovered, the larger one where that is equal; null when nothing can be lost. */
  readonly loss: { readonly kind: 'unit' | 'import' | 'campuses'; readonly place: number } | null;
  readonly lostMw: number;
  /** From what is left after that loss, within the minutes. */
  readonly reserveMw: number;
  readonly shortfallMw: number;
  /** The largest single loss there is, covered or not. */
  readonly largestLossMw: number;
}

export interface ContingencyReserve {
  readonly minutes: number;
  /** Against the loss of a unit or an import. */
  readonly upward: Coverage;
  /** Against the loss of the campuses at one bus: `place` is the bus. */
  readonly downward: Coverage;
}

/** What can be lost, and what is there to make up for it. */
export interface ReserveQuestion {
  readonly units: readonly ReserveUnit[];
  /** Power from outside the synchronous system, one entry per tie or link that can trip by itself. */
  readonly importMw: readonly number[];
  /** [campuses] */
  readonly campusBus: readonly number[];
  readonly campusMw: readonly number[];
  /** Time within which reserve has to be there: 10 minutes where nothing else is said (the usual definition of contingency reserve). */
  readonly minutes?: number;
}

/** Upward and downward contingency reserve of an instant, MW; a unit's own room never counts against its own loss. */
export function contingencyReserve({ units, importMw, campusBus, campusMw, minutes = 10 }: ReserveQuestion): ContingencyReserve {
  const upMw = new Float64Array(units.length);
  let [allUpMw, downMw] = [0, 0];
  for (let place = 0; place < units.length; place++) {
    const unit = units[place] as ReserveUnit;
    if (!unit.isOnline || !unit.providesReserve) continue;
    const rampMw = (unit.rampMwPerMinute ?? Infinity) * minutes;
    upMw[place] = Math.max(0, Math.min(unit.availableMw - unit.outputMw, rampMw));
    allUpMw += floatAt(upMw, place);
    downMw += Math.max(0, Math.min(unit.outputMw - unit.minMw, rampMw));
  }
  const ups: Loss[] = [];
  for (let place = 0; place < units.length; place++) {
    const { isOnline, outputMw, isSpread } = units[place] as ReserveUnit;
    if (isOnline && outputMw > 0 && isSpread !== true)
      ups.push({ kind: 'unit', place, lostMw: outputMw, reserveMw: allUpMw - floatAt(upMw, place) });
  }
  importMw.forEach((lostMw, place) => lostMw > 0 && ups.push({ kind: 'import', place, lostMw, reserveMw: allUpMw }));
  const mwOfBus = new Map<number, number>();
  campusBus.forEach((bus, campus) => mwOfBus.set(bus, (mwOfBus.get(bus) ?? 0) + at(campusMw, campus)));
  const downs = [...mwOfBus].flatMap(([place, lostMw]): Loss[] =>
    lostMw > 0 ? [{ kind: 'campuses', place, lostMw, reserveMw: downMw }] : [],
  );
  return { minutes, upward: coverageOf(ups, allUpMw), downward: coverageOf(downs, downMw) };
}

interface Loss {
  readonly kind: 'unit' | 'import' | 'campuses';
  readonly place: number;
  readonly lostMw: number;
  readonly reserveMw: number;
}

function coverageOf(losses: readonly Loss[], allMw: number): Coverage {
  let [mostMw, largestLossMw] = [-Infinity, 0];
  for (const { lostMw, reserveMw } of losses) {
    mostMw = Math.max(mostMw, lostMw - reserveMw);
    largestLossMw = Math.max(largestLossMw, lostMw);
  }
  const candidates = losses.filter(({ lostMw, reserveMw }) => lostMw - reserveMw >= mostMw - 1e-9);
  const worst = candidates[largestPlace(candidates.map(({ lostMw }) => lostMw))];
  if (worst === undefined) return { loss: null, lostMw: 0, reserveMw: allMw, shortfallMw: 0, largestLossMw: 0 };
  return {
    loss: { kind: worst.kind, place: worst.place },
    lostMw: worst.lostMw,
    reserveMw: worst.reserveMw,
    shortfallMw: Math.max(0, worst.lostMw - worst.reserveMw),
    largestLossMw,
  };
}
