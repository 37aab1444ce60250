import type { SystemView } from '../../api/viewTypes.js';
import { hertz, percent, power } from './format.js';

type Reserve = NonNullable<SystemView['reserve']>;
type Course = NonNullable<SystemView['frequency']>['courses'][number];

/** Whether every single loss can be borne: the N-1 badge of the lines, then reserve against the worst loss up and down, and frequency after it. */
export function SingleLosses({ system }: { readonly system: SystemView }) {
  const { security, reserve, frequency } = system;
  const outside = frequency?.isIsland === true ? 'island' : 'tied';
  const courseOf = (loss: Course['loss']) => frequency?.courses.find((course) => course.loss === loss && course.outside === outside);
  return (
    <ul class="single" aria-label="Single losses">
      {security !== null && <Badge security={security} />}
      {reserve !== null && <Loss name="Loss of a unit" cover={upward(reserve)} course={courseOf('unit')} />}
      {reserve !== null && <Loss name="Loss of campuses" cover={downward(reserve)} course={courseOf('campuses')} />}
    </ul>
  );
}

function Badge({ security }: { readonly security: NonNullable<SystemView['security']> }) {
  const { isSecure, violatedPairs, worstLine, worstOutage, worstLoadingRatio, lossViolatedPairs, sentence } = security;
  const isCalm = isSecure && lossViolatedPairs === 0;
  const broken = [
    ...(isSecure ? [] : [violatedPairs === 1 ? '1 pair' : `${violatedPairs} pairs`]),
    ...(lossViolatedPairs === 0 ? [] : [`${lossViolatedPairs} by loss of a unit`]),
  ];
  return (
    <li class={isCalm ? '' : 'caution'} data-n1={isSecure ? 'secure' : 'violated'} title={sentence}>
      <b>{isCalm ? '● N-1 holds' : `▲ N-1: ${broken.join(', ')}`}</b>
      {worstLine !== null && `, worst ${worstLine} ${percent(worstLoadingRatio)} after ${worstOutage}`}
    </li>
  );
}

/** One direction of contingency reserve, as its fact says it. */
interface Cover {
  readonly way: 'up' | 'down';
  readonly loss: string | null | undefined;
  readonly lostMw: number | undefined;
  readonly reserveMw: number | undefined;
  readonly shortMw: number | undefined;
}

function upward({ upwardLoss, upwardLossMw, upwardReserveMw, upwardShortfallMw }: Reserve): Cover {
  return { way: 'up', loss: upwardLoss, lostMw: upwardLossMw, reserveMw: upwardReserveMw, shortMw: upwardShortfallMw };
}

function downward({ downwardLoss, downwardLossMw, downwardReserveMw, downwardShortfallMw }: Reserve): Cover {
  return { way: 'down', loss: downwardLoss, lostMw: downwardLossMw, reserveMw: downwardReserveMw, shortMw: downwardShortfallMw };
}

/** Whether what is left covers a loss, and where frequency goes at once; the name of what is lost is read by pointing at it. */
function Loss({ name, cover, course }: { readonly name: string; readonly cover: Cover; readonly course: Course | undefined }) {
  const { way, loss, lostMw, reserveMw, shortMw } = cover;
  if (loss === undefined || loss === null) return null;
  const isShort = (shortMw ?? 0) >= 0.5;
  const frequency = course === undefined ? '' : `, ${frequencyWords(course)}`;
  const tone = course?.isCollapsed === true ? 'bad' : isShort ? 'caution' : '';
  const shape = tone === 'bad' ? '■ ' : tone === 'caution' ? '▲ ' : '● ';
  return (
    <li class={tone} data-cover={way} title={`${loss}: ${power(lostMw)} against ${power(reserveMw)}`}>
      <b>
        {shape}
        {name}: {isShort ? `${power(shortMw)} short` : 'covered'}
      </b>
      {frequency}
    </li>
  );
}

function frequencyWords({ loss, lowestHz, highestHz, shedMw, trippedMw, isCollapsed }: Course): string {
  if (isCollapsed) return 'frequency collapses';
  const actsMw = shedMw + trippedMw;
  const acts = actsMw < 0.5 ? '' : `, ${power(actsMw)} ${shedMw >= trippedMw ? 'shed' : 'tripped'}`;
  return `${hertz(loss === 'unit' ? lowestHz : highestHz)}${acts}`;
}
