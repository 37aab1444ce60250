import { dayMs, hourMs, minuteMs } from '../ticks.js';
import type { DeskFrame } from './frame.js';
import { hoursOfDay, withDay, type DayHours } from './likeDays.js';
import type { CampusDesk, FlexibilityState, LastPower } from './state.js';

/** Training is compared with its mean of this long before notice. Source: docs/model.md, Clusters. */
const noticeWindowMs = 60 * minuteMs;

/** What the campuses of the desk drew in a tick, MW means. */
export interface SeenTick {
  readonly startMs: number;
  /** [campuses] */
  readonly trainingMw: readonly number[];
  /** [campuses]: for their own demand. */
  readonly inferenceMw: readonly number[];
  /** Places of the campuses of which it was part of an event. */
  readonly inEvent: readonly number[];
}

type Kind = 'trainingMw' | 'inferenceMw';

/** What inference of a campus would draw for its own demand, MW: what it gives is part of it, what it serves for others is not. */
export function ownInferenceMw({ inferenceMw, inferenceCutMw, arrivedMw }: LastPower): number {
  return inferenceMw + inferenceCutMw - arrivedMw;
}

/** Adds a tick to what is kept for baselines: the local day under way and the last hour; a day that is over is kept by its hours. */
export function seeTick(frame: DeskFrame, state: FlexibilityState, tick: SeenTick): Pick<FlexibilityState, 'campuses' | 'ticks'> {
  const { campuses, ticks } = state;
  const last = ticks.at(-1);
  const dayOf = ({ startMs }: SeenTick): number => Math.floor((startMs + frame.utcOffsetMs) / dayMs);
  if (last === undefined || dayOf(last) === dayOf(tick)) return { campuses, ticks: [...ticks, tick] };
  const day = dayOf(last);
  const over = ticks.filter((other) => dayOf(other) === day);
  return {
    campuses: campuses.map((campus, place) => withDayOf(frame, campus, { day, over, place })),
    ticks: [...ticks.slice(-ticksOfNotice(frame)), tick],
  };
}

function withDayOf(
  frame: DeskFrame,
  campus: CampusDesk,
  { day, over, place }: { readonly day: number; readonly over: readonly SeenTick[]; readonly place: number },
): CampusDesk {
  const { likeDays, trainingDays } = campus;
  if (likeDays === null && trainingDays === undefined) return campus;
  return {
    ...campus,
    likeDays: likeDays === null ? null : withDay(likeDays, day, hoursOf(frame, over, place, 'inferenceMw')),
    ...(trainingDays === undefined ? {} : { trainingDays: withDay(trainingDays, day, hoursOf(frame, over, place, 'trainingMw')) }),
  };
}

/** Means of a campus by hour in the ticks of a local day; ticks within an event do not count. */
function hoursOf({ tickMs, utcOffsetMs }: DeskFrame, ticks: readonly SeenTick[], place: number, kind: Kind): DayHours {
  const tickHours = tickMs / hourMs;
  const sumMwh: number[] = [];
  const seenHours: number[] = [];
  for (const tick of ticks) {
    if (tick.inEvent.includes(place)) continue;
    const hour = Math.floor((tick.startMs + utcOffsetMs) / hourMs) % hoursOfDay;
    sumMwh[hour] = (sumMwh[hour] ?? 0) + (tick[kind][place] ?? 0) * tickHours;
    seenHours[hour] = (seenHours[hour] ?? 0) + tickHours;
  }
  return Array.from({ length: hoursOfDay }, (_, hour) => {
    const hours = seenHours[hour];
    return hours === undefined ? null : (sumMwh[hour] ?? 0) / hours;
  });
}

/** Mean of a campus over the ticks of the last hour, MW; null: none was seen. */
export function lastHourMw(frame: DeskFrame, ticks: readonly SeenTick[], place: number, kind: Kind): number | null {
  const newest = ticks.slice(-ticksOfNotice(frame));
  return newest.length === 0 ? null : newest.reduce((sum, tick) => sum + (tick[kind][place] ?? 0), 0) / newest.length;
}

function ticksOfNotice({ tickMs }: DeskFrame): number {
  return Math.max(1, Math.ceil(noticeWindowMs / tickMs));
}
