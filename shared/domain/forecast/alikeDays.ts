import { floatAt, intAt } from '../grid/dense.js';
import { featureCount, type FeatureGroup } from './features.js';
import { factorPacked, packedLength, solveTransposed } from './leastSquares.js';

/** As in leastSquares.ts. */
const entry = floatAt;

/**
 * Turns the features of a day into a row to learn from: some of them as they are, and how alike the day is to days of the past that
 * serve as landmarks.
 * Source: Williams and Seeger, Using the Nystroem Method to Speed Up Kernel Machines, NIPS 2000.
 */
export interface DayMap {
  readonly straight: WeighedPart;
  readonly alike: WeighedPart;
  /** [features]: mean, and what a unit of each is worth before its weight. */
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** [landmarks][features that tell days apart], weighed. */
  readonly landmarks: Float64Array;
  readonly landmarkCount: number;
  /** Packed upper factor of how alike the landmarks are to each other. */
  readonly factor: Float64Array;
  /** Length of a row. */
  readonly size: number;
}

/** Days that serve as landmarks, at most; with 160 the error is within 1 % of that with all days. */
const mostLandmarks = 160;
/** How much the alike days may explain, against what is left unexplained. */
const alikeAmplitude = 3;
const constantWeight = 3;
/** Smallest spread of a log of load: a series that never moves has none. */
const leastSpread = 1e-4;
/** Further from the mean than this a feature says no more. */
const mostSpreads = 6;

/** A map from the days known so far, [days] of features each; `alikeDays` lie evenly in time. */
export function dayMapOf(days: readonly Float64Array[], groups: readonly FeatureGroup[]): DayMap {
  const { mean, scale } = scalesOf(days, groups);
  const [straight, alike] = [partOf(groups, 'straightWeight'), partOf(groups, 'alikeWeight')];
  const landmarkCount = Math.min(mostLandmarks, days.length);
  const width = alike.feature.length;
  const landmarks = new Float64Array(landmarkCount * width);
  for (let landmark = 0; landmark < landmarkCount; landmark++) {
    const day = days[Math.floor((landmark * (days.length - 1)) / Math.max(1, landmarkCount - 1))];
    if (day !== undefined) weigh({ mean, scale }, alike, day, landmarks.subarray(landmark * width));
  }
  const factor = new Float64Array(packedLength(landmarkCount));
  for (let row = 0, place = 0; row < landmarkCount; row++)
    for (let column = row; column < landmarkCount; column++, place++) {
      const own = landmarks.subarray(row * width, (row + 1) * width);
      // A trifle on the diagonal, since days may be equal.
      factor[place] = alikeness(own, landmarks, column * width) + (row === column ? 1e-6 : 0);
    }
  factorPacked(factor, landmarkCount);
  return { straight, alike, mean, scale, landmarks, landmarkCount, factor, size: straight.feature.length + 1 + landmarkCount };
}

/** The row of a day, [size]. */
export function rowOf(map: DayMap, features: Float64Array): Float64Array {
  const row = new Float64Array(map.size);
  const straightCount = map.straight.feature.length;
  weigh(map, map.straight, features, row);
  row[straightCount] = constantWeight;
  const own = new Float64Array(map.alike.feature.length);
  weigh(map, map.alike, features, own);
  const alike = row.subarray(straightCount + 1);
  for (let landmark = 0; landmark < map.landmarkCount; landmark++) alike[landmark] = alikeness(own, map.landmarks, landmark * own.length);
  solveTransposed(map.factor, map.landmarkCount, alike);
  return row;
}

/** 3 for equal days, falling with the square of their distance. */
function alikeness(own: Float64Array, landmarks: Float64Array, from: number): number {
  let square = 0;
  for (let k = 0; k < own.length; k++) {
    const apart = entry(own, k) - entry(landmarks, from + k);
    square += apart * apart;
  }
  return alikeAmplitude * Math.exp(-square / 2);
}

/** Which features a part of the row takes, with the weight of each and how far it may go. */
interface WeighedPart {
  readonly feature: Int32Array;
  readonly weight: Float64Array;
  readonly most: Float64Array;
}

function partOf(groups: readonly FeatureGroup[], weight: 'straightWeight' | 'alikeWeight'): WeighedPart {
  const taken = groups.filter((group) => group[weight] > 0);
  const each = (of: (group: FeatureGroup, k: number) => number): number[] =>
    taken.flatMap((group) => Array.from({ length: group.count }, (_, k) => of(group, k)));
  return {
    feature: Int32Array.from(each(({ from }, k) => from + k)),
    weight: Float64Array.from(each((group) => group[weight])),
    most: Float64Array.from(each(({ isMeasured, count }) => (isMeasured ? mostSpreads / Math.sqrt(count) : Infinity))),
  };
}

/** Features brought to scale and weighed, written one after the other. */
function weigh({ mean, scale }: Pick<DayMap, 'mean' | 'scale'>, part: WeighedPart, features: Float64Array, into: Float64Array): void {
  for (let place = 0; place < part.feature.length; place++) {
    const k = intAt(part.feature, place);
    const most = floatAt(part.most, place);
    const value = (floatAt(features, k) - floatAt(mean, k)) * floatAt(scale, k);
    // What is not known counts as usual.
    into[place] = Number.isNaN(value) ? 0 : floatAt(part.weight, place) * Math.max(-most, Math.min(most, value));
  }
}

/** Mean of each feature that is measured, and one over its spread and the root of the size of its group. */
function scalesOf(days: readonly Float64Array[], groups: readonly FeatureGroup[]): Pick<DayMap, 'mean' | 'scale'> {
  const mean = new Float64Array(featureCount(groups));
  const scale = new Float64Array(mean.length).fill(1);
  for (const { isMeasured, from, count } of groups) {
    if (!isMeasured) continue;
    for (let k = from; k < from + count; k++) {
      const values = days.map((features) => floatAt(features, k)).filter((value) => !Number.isNaN(value));
      const middle = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
      const square = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length);
      mean[k] = middle;
      scale[k] = 1 / (Math.max(leastSpread, Math.sqrt(square)) * Math.sqrt(count));
    }
  }
  return { mean, scale };
}
