import type { Saying } from '../fact.js';
import { frequencyAfter, outsideOf, type FrequencyCourse, type SuddenLoss } from '../security/frequency.js';
import { largestPlace } from '../security/loading.js';
import { governorOf } from '../security/practice.js';
import { frequencySentence } from '../security/sentences.js';
import type { FrequencySystem } from '../security/swing.js';
import { floatAt } from './dense.js';
import type { Frame } from './frame.js';
import type { OperatingPoint } from './operating.js';
import { published } from './published.js';

/**
 * Extremes come within seconds of the loss, and so does what relays do, but for those that wait minutes. Steps of 50 ms move an extreme by
 * 2 mHz at most against steps of 10 ms (docs/security.md), and relays act at their own instants in any case.
 */
const followed = { horizonSeconds: 40, stepSeconds: 0.05, traceEverySeconds: 40 };

/** One sudden loss to follow through. */
interface Case {
  readonly loss: 'unit' | 'campuses' | 'transfer';
  readonly lost: string;
  readonly what: string;
  readonly sudden: SuddenLoss;
}

/** Campus load that left the grid, and the operating point it left behind. */
export interface Left {
  readonly point: OperatingPoint;
  readonly mw: number;
  readonly campus: string;
  readonly count: number;
}

/**
 * What frequency would do at a tick after the largest sudden losses, tied to the neighbour of the scenario and as an island; and what it
 * does where campuses really left.
 */
export function frequencySaying(frame: Frame, point: OperatingPoint, left: Left | null): Saying {
  const { frequency } = frame.world;
  const running = runningOf(point);
  const outside = outsideOf(frequency);
  const cases = casesOf(frame, point, running).map((one) => ({ ...one, point }));
  const real = left === null ? [] : [{ ...realCase(left), point: left.point }];
  const followedThrough = surroundingsOf(outside).flatMap(([name, neighbour]) =>
    [...real, ...cases].flatMap(({ loss, lost, what, sudden, point: own }) => {
      const course = frequencyAfter({ ...systemOf(own), outside: neighbour }, sudden, followed);
      return course.kind === 'course' ? [{ outside: name, loss, lost, what, course }] : [];
    }),
  );
  const asIs = followedThrough.filter((each) => each.outside === (outside === null ? 'island' : 'tied'));
  return {
    type: 'grid.frequency.v1',
    region: 'all',
    entity: 'system',
    data: {
      isIsland: frequency.island,
      sentence: asIs.map(({ what, course }) => frequencySentence(what, course)).join(' ') || 'Nothing that runs has inertia.',
      onlineInertiaMws: published(running.reduce((sum, { inertiaMws }) => sum + inertiaMws, 0)),
      outsideInertiaMws: outside?.inertiaMws ?? 0,
      courses: followedThrough.map(({ loss, outside: name, lost, course }) => ({ loss, outside: name, lost, ...said(course) })),
    },
  };
}

function surroundingsOf(outside: FrequencySystem['outside']): readonly (readonly ['tied' | 'island', FrequencySystem['outside']])[] {
  const island = ['island', null] as const;
  return outside === null ? [island] : [['tied', outside], island];
}

/** What turns. What charges is load: it does not answer, and cannot be lost as generation. */
function runningOf({ feeders }: OperatingPoint): OperatingPoint['feeders'] {
  return feeders.filter(({ isOnline, outputMw }) => isOnline && outputMw > 0);
}

function systemOf(point: OperatingPoint): Omit<FrequencySystem, 'outside'> {
  const units = runningOf(point).map((feeder) => ({ ...feeder, governor: governorOf(feeder.source) }));
  return { units, loadMw: point.servedMw.reduce((sum, mw) => sum + mw, point.chargeMw) };
}

function realCase({ mw, campus, count }: Left): Case {
  const what = count === 1 ? `${campus}, which left the grid` : `${count} campuses, which left the grid`;
  return { loss: 'transfer', lost: campus, what, sudden: { kind: 'load', mw } };
}

/** The largest unit that is one plant, and the bus with most campus load; the first of equal ones, none of nothing. */
function casesOf(frame: Frame, point: OperatingPoint, running: OperatingPoint['feeders']): readonly Case[] {
  const { grid, world } = frame;
  const unit = largestPlace(running.map(({ outputMw, isSpread }) => (isSpread ? 0 : outputMw)));
  const campusMw = new Float64Array(grid.regionOfBus.length);
  point.campusMw.forEach((mw, campus) => {
    const bus = grid.busOfCampus[campus] as number;
    campusMw[bus] = floatAt(campusMw, bus) + mw;
  });
  const bus = largestPlace(campusMw);
  const lost = running[unit];
  const name = world.network.buses[bus]?.id ?? '';
  const cases: Case[] = [];
  if (lost !== undefined && !lost.isSpread) cases.push({ loss: 'unit', lost: lost.id, what: lost.id, sudden: { kind: 'unit', unit } });
  const mw = floatAt(campusMw, bus);
  if (mw > 0) cases.push({ loss: 'campuses', lost: name, what: `the campuses at ${name}`, sudden: { kind: 'load', mw } });
  return cases;
}

function said(course: FrequencyCourse) {
  return {
    lostMw: published(course.lostMw),
    inertiaMws: published(course.inertiaMws),
    rateHzPerSecond: published(course.rateHzPerSecond),
    lowestHz: published(course.lowestHz),
    lowestAtSeconds: published(course.lowestAtSeconds),
    highestHz: published(course.highestHz),
    highestAtSeconds: published(course.highestAtSeconds),
    shedMw: published(course.shedMw),
    trippedMw: published(course.trippedMw),
    isCollapsed: course.isCollapsed,
  };
}
