import type { World } from '../../scenario/schema.js';
import { inferenceMw } from '../cluster/inference.js';
import { floatAt } from '../grid/dense.js';
import type { Hours } from '../grid/hours.js';
import { fromWire, hourMs } from '../ticks.js';
import type { HourBase, HourKernel } from './hour.js';
import type { AskedHour } from './plan.js';
import type { Point } from './points.js';
import { reserveMwOf } from './reservoir.js';

/**
 * The hours of an era as they can be asked for. Answers are remembered while they may be asked for again; which of them a plan knows of
 * begins anew with each plan, so that plans do not depend on those before.
 */
export interface AskableHours {
  /** An hour for a plan, when contracts may be called with this share of what they offer, [contracts], 0 to 1. */
  hour(hour: number, callShares: readonly number[]): AskableHour;
  /** Forgets the hours before. */
  forgetBefore(hour: number): void;
}

export interface AskableHour extends AskedHour {
  readonly base: HourBase;
}

/** Prepares asking for the hours of an era. */
export function askableHours(world: World, kernel: HourKernel, hours: Hours): AskableHours {
  const known = new Map<number, { readonly key: string; readonly asked: () => AskableHour }>();
  const flexible = flexibleLoad(world);
  return {
    hour(hour, callShares) {
      const key = callShares.join();
      const before = known.get(hour);
      if (before?.key === key) return before.asked();
      const loadMw = new Float64Array(kernel.grid.regionOfBus.length);
      const availableMw = new Float64Array(kernel.grid.busOfUnit.length);
      hours.loadMw(hour, loadMw);
      hours.availableMw(hour, availableMw);
      const campusMw = flexible.campusMw(hour);
      campusMw.forEach((mw, campus) => {
        const bus = kernel.grid.busOfCampus[campus] as number;
        loadMw[bus] = floatAt(loadMw, bus) + mw;
      });
      const base = { loadMw, availableMw, callableMw: flexible.callableMw(campusMw, callShares) };
      const asked = askable(kernel, base, world.reserve.requirementMw);
      known.set(hour, { key, asked });
      return asked();
    },
    forgetBefore(hour) {
      for (const key of known.keys()) if (key < hour) known.delete(key);
    },
  };
}

/** What campuses draw if nothing is asked of them, and what their contracts may take off. */
function flexibleLoad(world: World) {
  const startMs = fromWire(world.clock.startTime);
  const key = { seed: world.seed, utcOffsetMinutes: world.clock.utcOffsetMinutes, series: world.series };
  return {
    /** [campuses]: inference by its daily wave, runs that have started at full power, within the limit, MW. */
    campusMw(hour: number): number[] {
      return world.campuses.map((campus) => {
        const own = world.runs.filter((run) => run.campus === campus.id && run.startWithBlock === null);
        const wantMw = own.reduce((sum, { facilityMw }) => sum + facilityMw, inferenceMw(key, campus, startMs + (hour + 0.5) * hourMs));
        return Math.min(campus.limitMw, wantMw);
      });
    },
    /** [contracts]: no more than the contract says, and together no more than the campus draws. */
    callableMw(campusMw: readonly number[], callShares: readonly number[]): Float64Array {
      const leftMw = [...campusMw];
      return Float64Array.from(world.contracts, ({ campus, maxReductionMw, maxSiteRatio }, place) => {
        const where = world.campuses.findIndex(({ id }) => id === campus);
        const mostMw = Math.min(maxReductionMw, maxSiteRatio * (campusMw[where] ?? 0), leftMw[where] ?? 0);
        leftMw[where] = (leftMw[where] ?? 0) - mostMw;
        return mostMw * (callShares[place] ?? 0);
      });
    },
  };
}

interface Answer {
  readonly point: Point;
  readonly storedMwh: Float64Array;
}

function askable(kernel: HourKernel, base: HourBase, requirementMw: number): () => AskableHour {
  const answers: Answer[] = [];
  /** An answer holds for another energy in store unless that changes what reserve is missing. */
  const holds = ({ point, storedMwh: was }: Answer, netMw: Float64Array, storedMwh: Float64Array): boolean => {
    if (point.netMw.some((mw, reservoir) => mw !== netMw[reservoir])) return false;
    if (kernel.grid.world.reserve.shortageSteps.length === 0 || storedMwh.every((mwh, place) => mwh === was[place])) return true;
    const held = (stored: Float64Array): number =>
      kernel.reservoirs.reduce((sum, own, reservoir) => sum + reserveMwOf(own, floatAt(stored, reservoir), floatAt(netMw, reservoir)), 0);
    const sparedMw = point.dispatch.reserveMw - requirementMw + Math.min(0, held(storedMwh) - held(was));
    return point.dispatch.scarcityUsdPerMwh === 0 && sparedMw >= 0;
  };
  return () => {
    const points: Point[] = [];
    return {
      base,
      points,
      ask(netMw, storedMwh) {
        const known = answers.find((answer) => holds(answer, netMw, storedMwh));
        const point = known?.point ?? kernel.dispatch(base, { netMw: netMw.slice(), storedMwh: storedMwh.slice(), ramps: null });
        if (known === undefined) answers.push({ point, storedMwh: storedMwh.slice() });
        if (!points.includes(point)) points.push(point);
        return point;
      },
    };
  };
}
