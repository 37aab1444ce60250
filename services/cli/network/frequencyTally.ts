import type { DispatchedHour } from '../../../shared/domain/grid/hourly.js';
import { at } from '../../../shared/domain/grid/dense.js';
import { frequencyAfter, type FrequencyCourse, type SuddenLoss } from '../../../shared/domain/security/frequency.js';
import { isOnline } from '../../../shared/domain/security/governors.js';
import { largestPlace } from '../../../shared/domain/security/loading.js';
import { governorOf, texasPractice } from '../../../shared/domain/security/practice.js';
import type { FrequencySystem } from '../../../shared/domain/security/swing.js';
import { islandsOf } from '../../../shared/domain/commitment/limits.js';
import type { FrequencyAnswer, LossAnswer } from './answers.js';
import { spreadOf } from './dispatched.js';

/** A campus to lose: at a bus, where it has been added to the load, or out of the load there is. */
export interface Campus {
  readonly mw: number;
  readonly bus: number | null;
}

interface Question {
  readonly campus: Campus | null;
  readonly lossMw: number | null;
  readonly outside: FrequencySystem['outside'];
}

type Summary = Pick<FrequencyAnswer, 'hours' | 'inertiaMws' | 'hoursWithoutInertia' | 'losses'>;

/** Loses units and load in hours as they come and sums up what frequency does. */
export function frequencyTally(question: Question): { add(hour: DispatchedHour): void; answer(): Summary } {
  const inertias: number[] = [];
  const kinds = (['largest-unit', 'campus', 'generation'] as const).filter(
    (kind) => kind === 'largest-unit' || (kind === 'campus' ? question.campus : question.lossMw) !== null,
  );
  const tallies = new Map(kinds.map((kind) => [kind, lossTally(kind)]));
  return {
    add(hour) {
      const { system, unitNames } = systemOf(hour, question);
      inertias.push(system.units.reduce((sum, { inertiaMws }) => sum + inertiaMws, 0));
      for (const [kind, tally] of tallies) {
        const found = lossOf(kind, question, { system, unitNames });
        if (found === null) continue;
        const course = frequencyAfter(system, found.loss);
        if (course.kind === 'course') tally.add(hour.hour, found.name, course);
      }
    },
    answer: () => ({
      hours: inertias.length,
      inertiaMws: spreadOf(inertias),
      hoursWithoutInertia: inertias.filter((mws) => mws <= 0).length,
      losses: [...tallies.values()].map((tally) => tally.answer()),
    }),
  };
}

/** The units that run and the load of one synchronous system. */
function systemOf({ grid, input, dispatch }: DispatchedHour, { campus, outside }: Question) {
  const { units, buses } = grid.world.network;
  const { ofBus, count } = islandsOf(buses.length, grid.lineEnds);
  const servedMw = new Float64Array(count);
  ofBus.forEach((island, bus) => (servedMw[island] = at(servedMw, island) + at(input.loadMw, bus) - at(dispatch.shedMw, bus)));
  const island = campus === null || campus.bus === null ? largestPlace(servedMw) : at(ofBus, campus.bus);
  const running = units.flatMap((unit, place) => {
    const outputMw = at(dispatch.generationMw, place);
    if (at(ofBus, grid.busOfUnit[place] ?? 0) !== island || !isOnline(outputMw, null)) return [];
    const { id, inertiaMws, source } = unit;
    // A unit that runs cannot be throttled below its least output, though the problem lets it stand there.
    const running = { outputMw, availableMw: at(input.availableMw, place), minMw: unit.minMw, inertiaMws };
    return [{ name: id, running: { ...running, governor: governorOf(source) } }];
  });
  const system: FrequencySystem = { units: running.map((unit) => unit.running), loadMw: at(servedMw, island), outside };
  return { system, unitNames: running.map(({ name }) => name) };
}

function lossOf(
  kind: LossAnswer['loss'],
  { campus, lossMw }: Question,
  { system, unitNames }: { readonly system: FrequencySystem; readonly unitNames: readonly string[] },
): { readonly name: string; readonly loss: SuddenLoss } | null {
  switch (kind) {
    case 'largest-unit': {
      const unit = largestPlace(system.units.map(({ outputMw }) => outputMw));
      return unit < 0 ? null : { name: unitNames[unit] ?? '', loss: { kind: 'unit', unit } };
    }
    case 'campus':
      return campus === null ? null : { name: 'the campus', loss: { kind: 'load', mw: campus.mw } };
    case 'generation':
      return lossMw === null ? null : { name: 'generation', loss: { kind: 'generation', mw: lossMw } };
  }
}

function lossTally(loss: LossAnswer['loss']): { add(hour: number, lost: string, course: FrequencyCourse): void; answer(): LossAnswer } {
  const courses: Pick<FrequencyCourse, 'lostMw' | 'rateHzPerSecond' | 'lowestHz' | 'highestHz' | 'shedMw' | 'trippedMw' | 'isCollapsed'>[] =
    [];
  const extremes: { readonly extremeHz: number; readonly extremeAtSeconds: number }[] = [];
  let worst: LossAnswer['worst'] = null;
  const beyond = (hz: number): number => Math.abs(hz - texasPractice.nominalHz);
  return {
    add(hour, lost, course) {
      const { traceHz: _trace, ...kept } = course;
      courses.push(kept);
      const isLow = beyond(course.lowestHz) >= beyond(course.highestHz);
      const extreme = isLow
        ? { extremeHz: course.lowestHz, extremeAtSeconds: course.lowestAtSeconds }
        : { extremeHz: course.highestHz, extremeAtSeconds: course.highestAtSeconds };
      extremes.push(extreme);
      if (worst === null || beyond(extreme.extremeHz) > beyond(worst.extremeHz)) worst = { hour, lost, lostMw: course.lostMw, ...extreme };
    },
    answer: () => {
      const shed = courses.filter(({ shedMw }) => shedMw > 0);
      const tripped = courses.filter(({ trippedMw }) => trippedMw > 0);
      return {
        loss,
        hours: courses.length,
        lostMw: spreadOf(courses.map(({ lostMw }) => lostMw)),
        rateHzPerSecond: spreadOf(courses.map(({ rateHzPerSecond }) => rateHzPerSecond)),
        lowestHz: spreadOf(courses.map(({ lowestHz }) => lowestHz)),
        highestHz: spreadOf(courses.map(({ highestHz }) => highestHz)),
        extremeAtSeconds: spreadOf(extremes.map(({ extremeAtSeconds }) => extremeAtSeconds)),
        shedHours: shed.length,
        shedMw: spreadOf(shed.map(({ shedMw }) => shedMw)),
        trippedHours: tripped.length,
        trippedMw: spreadOf(tripped.map(({ trippedMw }) => trippedMw)),
        collapsedHours: courses.filter(({ isCollapsed }) => isCollapsed).length,
        worst,
      };
    },
  };
}
