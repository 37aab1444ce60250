import { assert } from '../assert.js';
import { relayBank, type Relay } from './relays.js';
import { texasPractice, type FrequencyPractice } from './practice.js';
import { swingOf, type EnergyMws, type FrequencySystem, type Swing } from './swing.js';

/** What goes from one instant to the next. */
export type SuddenLoss =
  /** A unit of the system, with its inertia and its governor. */
  | { readonly kind: 'unit'; readonly unit: number }
  /** An import or anything else that feeds without inertia. */
  | { readonly kind: 'generation'; readonly mw: number }
  /** A campus: load. */
  | { readonly kind: 'load'; readonly mw: number };

/** What frequency does after a sudden loss. */
export interface FrequencyCourse {
  readonly kind: 'course';
  /** Loss of generation: falling; of load: rising. */
  readonly direction: 'falling' | 'rising';
  readonly lostMw: number;
  /** Kinetic energy of what is left, the outside system included. */
  readonly inertiaMws: number;
  /** In the first instant: lost MW * f0 / (2 * inertia). */
  readonly rateHzPerSecond: number;
  /** Mean over the first half second, as relays and grid codes measure it. */
  readonly halfSecondRateHzPerSecond: number;
  readonly lowestHz: number;
  readonly lowestAtSeconds: number;
  readonly highestHz: number;
  readonly highestAtSeconds: number;
  /** At the end of the time simulated. */
  readonly finalHz: number;
  /** Shed by under-frequency relays. */
  readonly shedMw: number;
  /** Output before the event of what over-frequency relays tripped. */
  readonly trippedMw: number;
  readonly actions: readonly { readonly action: Relay['action']; readonly atHz: number; readonly atSeconds: number }[];
  /** Whether frequency left the range in which generators stay connected; the course ends there. */
  readonly isCollapsed: boolean;
  readonly energyMws: EnergyMws;
  /** Frequency from the event on, every `traceEverySeconds`. */
  readonly traceHz: readonly number[];
}

/** The course, or that nothing turns: without inertia frequency has no meaning in this model. */
export type FrequencyAnswer = FrequencyCourse | { readonly kind: 'no-inertia'; readonly lostMw: number };

export interface FrequencyOptions {
  readonly practice?: FrequencyPractice;
  readonly horizonSeconds?: number;
  readonly stepSeconds?: number;
  readonly traceEverySeconds?: number;
}

const defaults = { practice: texasPractice, horizonSeconds: 60, stepSeconds: 0.01, traceEverySeconds: 0.5 };
const rateWindowSeconds = 0.5;

/** The frequency setting of a scenario as the system that an area is tied to; null: an island. */
export function outsideOf(setting: {
  readonly island: boolean;
  readonly externalInertiaMws: number;
  readonly externalResponseMwPerTenthHz: number;
}): FrequencySystem['outside'] {
  if (setting.island) return null;
  return { inertiaMws: setting.externalInertiaMws, responseMwPerTenthHz: setting.externalResponseMwPerTenthHz };
}

/**
 * Frequency after a sudden loss, one machine for the whole system. Default 60 s in steps of 10 ms; the same arguments always give the
 * same digits. Load shedding and tripping act on the system itself, never on the outside.
 */
export function frequencyAfter(before: FrequencySystem, loss: SuddenLoss, options: FrequencyOptions = {}): FrequencyAnswer {
  const { practice, horizonSeconds, stepSeconds, traceEverySeconds } = { ...defaults, ...options };
  assert(stepSeconds > 0 && traceEverySeconds > 0, 'a course of frequency has steps of more than 0 s');
  const { system, netLostMw } = afterLoss(before, loss);
  const inertiaMws = system.units.reduce((sum, unit) => sum + unit.inertiaMws, system.outside?.inertiaMws ?? 0);
  if (inertiaMws <= 0) return { kind: 'no-inertia', lostMw: Math.abs(netLostMw) };
  const swing = swingOf(system, practice, netLostMw);
  const seen = observe(swing, { practice, horizonSeconds, stepSeconds, traceEverySeconds });
  return {
    kind: 'course',
    direction: netLostMw < 0 ? 'rising' : 'falling',
    lostMw: Math.abs(netLostMw),
    inertiaMws,
    rateHzPerSecond: (Math.abs(netLostMw) * practice.nominalHz) / (2 * inertiaMws),
    ...seen,
    finalHz: practice.nominalHz + swing.deviationHz(),
    shedMw: swing.shedMw(),
    trippedMw: swing.trippedMw(),
    energyMws: swing.energyMws(),
  };
}

/** The system without what it lost; positive MW: generation, negative: load. */
function afterLoss(system: FrequencySystem, loss: SuddenLoss): { readonly system: FrequencySystem; readonly netLostMw: number } {
  switch (loss.kind) {
    case 'unit': {
      const unit = system.units[loss.unit];
      assert(unit !== undefined, `there is no unit ${loss.unit} to lose`);
      return { system: { ...system, units: system.units.filter((other) => other !== unit) }, netLostMw: unit.outputMw };
    }
    case 'generation':
      return { system, netLostMw: loss.mw };
    case 'load':
      return { system: { ...system, loadMw: Math.max(0, system.loadMw - loss.mw) }, netLostMw: -loss.mw };
  }
}

/** Runs a swing to the horizon on a fixed grid of steps, cut where a relay acts, and notes what is to be seen. */
function observe(swing: Swing, run: Required<FrequencyOptions>) {
  const { practice, horizonSeconds, stepSeconds, traceEverySeconds } = run;
  const bank = relayBank([
    ...practice.loadSteps.map((step): Relay => ({ step, action: 'shed' })),
    ...practice.generationSteps.map((step): Relay => ({ step, action: 'trip' })),
  ]);
  const actions: { action: Relay['action']; atHz: number; atSeconds: number }[] = [];
  let now = { seconds: 0, hz: practice.nominalHz };
  let [lowest, highest] = [now, now];
  let halfSecondHz = now.hz;
  const traceHz = [now.hz];
  let isCollapsed = false;
  for (let grid = 1; !isCollapsed && now.seconds < horizonSeconds - stepSeconds / 1e3; ) {
    const gridSeconds = Math.min(grid * stepSeconds, horizonSeconds);
    const seconds = Math.min(gridSeconds, Math.max(now.seconds, bank.dueSeconds()));
    if (seconds > now.seconds) {
      swing.step(seconds - now.seconds);
      const next = { seconds, hz: practice.nominalHz + swing.deviationHz() };
      bank.watch(now, next);
      if (now.seconds < rateWindowSeconds) halfSecondHz = next.hz;
      now = next;
      if (now.hz < lowest.hz) lowest = now;
      if (now.hz > highest.hz) highest = now;
    }
    if (seconds === gridSeconds) {
      grid++;
      if (seconds >= traceHz.length * traceEverySeconds - stepSeconds / 2) traceHz.push(now.hz);
    }
    for (const { action, step } of bank.take(now.seconds)) {
      swing[action](step.shareRatio);
      actions.push({ action, atHz: step.atHz, atSeconds: now.seconds });
    }
    isCollapsed = now.hz < practice.collapseBelowHz || swing.remainingRatio() === 0;
  }
  return {
    halfSecondRateHzPerSecond: Math.abs(halfSecondHz - practice.nominalHz) / Math.min(rateWindowSeconds, now.seconds),
    lowestHz: lowest.hz,
    lowestAtSeconds: lowest.seconds,
    highestHz: highest.hz,
    highestAtSeconds: highest.seconds,
    actions,
    isCollapsed,
    traceHz,
  };
}
