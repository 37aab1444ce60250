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
  readonly loss: 'unit' | 'campuses';
  readonly lost: string;
  readonly what: string;
  readonly sudden: SuddenLoss;
}

/** What frequency would do at a tick after the largest sudden losses, tied to the neighbour of the scenario and as an island. */
export function frequencySaying(frame: Frame, point: OperatingPoint): Saying {
  const { frequency } = frame.world;
  // What charges is load: it does not answer, and cannot be lost as generation.
  const running = point.feeders.filter(({ isOnline, outputMw }) => isOnline && outputMw > 0);
  const loadMw = point.servedMw.reduce((sum, mw) => sum + mw, point.chargeMw);
  const units = running.map((feeder) => ({ ...feeder, governor: governorOf(feeder.source) }));
  const outside = outsideOf(frequency);
  const surroundings: readonly (readonly ['tied' | 'island', FrequencySystem['outside']])[] =
    outside === null
      ? [['island', null]]
      : [
          ['tied', outside],
          ['island', null],
        ];
  const followedThrough = surroundings.flatMap(([name, neighbour]) =>
    casesOf(frame, point, running).flatMap(({ loss, lost, what, sudden }) => {
      const course = frequencyAfter({ units, loadMw, outside: neighbour }, sudden, followed);
      return course.kind === 'course' ? [{ outside: name, loss, lost, what, course }] : [];
    }),
  );
  const asIs = followedThrough.filter((each) => each.outside === surroundings[0]?.[0]);
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
