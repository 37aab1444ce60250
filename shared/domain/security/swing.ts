import { floatAt } from '../grid/dense.js';
import { responseCurve, type OnlineUnit } from './governors.js';
import type { FrequencyPractice, Governor, GovernorKind } from './practice.js';

/** A synchronous system at the instant before an event. */
export interface FrequencySystem {
  /** Units that run, each with how it answers frequency. */
  readonly units: readonly (OnlineUnit & { readonly governor: GovernorKind })[];
  readonly loadMw: number;
  /** What the system is tied to; null: an island. */
  readonly outside: { readonly inertiaMws: number; readonly responseMwPerTenthHz: number } | null;
}

/** Energy by where it came from, MW s, over the time simulated; all the others add up to `netKinetic`. */
export interface EnergyMws {
  /** Below 0 after a loss of generation, above 0 after a loss of load. */
  readonly netLost: number;
  readonly netGovernors: number;
  readonly netOutside: number;
  readonly netDamping: number;
  readonly netShed: number;
  readonly netTripped: number;
  /** Put into rotation; negative: taken out of it. */
  readonly netKinetic: number;
}

/** The aggregated swing equation: 2 E / f0 * df/dt = sum of power, with load damping, governors and the outside system. */
export interface Swing {
  deviationHz(): number;
  /** Goes on for so many seconds (explicit trapezoid, second order; sums of powers and energies stay equal to rounding). */
  step(seconds: number): void;
  /** Takes shares of the original load or of the original units off, from now on. */
  shed(shareRatio: number): void;
  trip(shareRatio: number): void;
  shedMw(): number;
  trippedMw(): number;
  /** Share of the units still there. */
  remainingRatio(): number;
  energyMws(): EnergyMws;
}

/** What the slopes of a swing depend on; shares change when relays act. */
interface Setup {
  readonly classes: readonly { readonly governor: Governor; readonly targetOf: (belowHz: number) => number }[];
  readonly nominalHz: number;
  readonly netLostMw: number;
  readonly outputMw: number;
  readonly inertiaMws: number;
  readonly outsideInertiaMws: number;
  readonly outsideMwPerHz: number;
  readonly outsideSeconds: number;
  readonly loadMw: number;
  readonly dampingMwPerHz: number;
  shedRatio: number;
  remainingRatio: number;
}

const energyCount = 6;

/** The system right after a loss (positive: generation; negative: load), with that load or those units already gone from it. */
export function swingOf(system: FrequencySystem, practice: FrequencyPractice, netLostMw: number): Swing {
  const setup = setupOf(system, practice, netLostMw);
  const energyAt = 2 + 2 * setup.classes.length;
  const state = new Float64Array(energyAt + energyCount);
  const first = state.slice();
  const second = state.slice();
  const ahead = state.slice();
  let kineticMws = 0;
  return {
    deviationHz: () => floatAt(state, 0),
    step(seconds) {
      writeSlopes(setup, state, first);
      for (let place = 0; place < state.length; place++) ahead[place] = floatAt(state, place) + seconds * floatAt(first, place);
      writeSlopes(setup, ahead, second);
      const before = floatAt(state, 0);
      for (let place = 0; place < state.length; place++) {
        state[place] = floatAt(state, place) + (seconds / 2) * (floatAt(first, place) + floatAt(second, place));
      }
      kineticMws += massMwsPerHz(setup) * (floatAt(state, 0) - before);
    },
    shed: (shareRatio) => (setup.shedRatio = Math.min(1, setup.shedRatio + shareRatio)),
    trip: (shareRatio) => (setup.remainingRatio = Math.max(0, setup.remainingRatio - shareRatio)),
    shedMw: () => setup.shedRatio * setup.loadMw,
    trippedMw: () => (1 - setup.remainingRatio) * setup.outputMw,
    remainingRatio: () => setup.remainingRatio,
    energyMws: () => ({
      netLost: floatAt(state, energyAt),
      netGovernors: floatAt(state, energyAt + 1),
      netOutside: floatAt(state, energyAt + 2),
      netDamping: floatAt(state, energyAt + 3),
      netShed: floatAt(state, energyAt + 4),
      netTripped: floatAt(state, energyAt + 5),
      netKinetic: kineticMws,
    }),
  };
}

function setupOf(system: FrequencySystem, practice: FrequencyPractice, netLostMw: number): Setup {
  const { nominalHz } = practice;
  const classes = (['steam', 'gas', 'hydro', 'inverter'] as const).flatMap((kind) => {
    const units = system.units.filter(({ governor }) => governor === kind);
    const governor = practice.governors[kind];
    return units.length === 0 ? [] : [{ governor, targetOf: responseCurve(units, governor, nominalHz) }];
  });
  return {
    classes,
    nominalHz,
    netLostMw,
    outputMw: system.units.reduce((sum, unit) => sum + unit.outputMw, 0),
    inertiaMws: system.units.reduce((sum, unit) => sum + unit.inertiaMws, 0),
    outsideInertiaMws: system.outside?.inertiaMws ?? 0,
    outsideMwPerHz: (system.outside?.responseMwPerTenthHz ?? 0) * 10,
    outsideSeconds: practice.outsideSeconds,
    loadMw: system.loadMw,
    dampingMwPerHz: (practice.loadDampingRatio * system.loadMw) / nominalHz,
    shedRatio: 0,
    remainingRatio: 1,
  };
}

/** MW s that one Hz more takes: 2 E / f0, of the units still there and the outside. */
function massMwsPerHz({ remainingRatio, inertiaMws, outsideInertiaMws, nominalHz }: Setup): number {
  return (2 * (remainingRatio * inertiaMws + outsideInertiaMws)) / nominalHz;
}

/** States in order: deviation of frequency, outside response, a fast and a slow one per kind of governor, energies by source. */
function writeSlopes(setup: Setup, from: Float64Array, into: Float64Array): void {
  const deviationHz = floatAt(from, 0);
  const outsideMw = floatAt(from, 1);
  into[1] = (-setup.outsideMwPerHz * deviationHz - outsideMw) / setup.outsideSeconds;
  let governorsMw = 0;
  let place = 2;
  for (const { governor, targetOf } of setup.classes) {
    const fast = floatAt(from, place);
    const slow = floatAt(from, place + 1);
    into[place++] = (targetOf(-deviationHz) - fast) / governor.fastSeconds;
    into[place++] = (fast - slow) / governor.slowSeconds;
    governorsMw += governor.fastShareRatio * fast + (1 - governor.fastShareRatio) * slow;
  }
  const startOfEnergies = place;
  into[place++] = -setup.netLostMw;
  into[place++] = setup.remainingRatio * governorsMw;
  into[place++] = outsideMw;
  into[place++] = -setup.dampingMwPerHz * (1 - setup.shedRatio) * deviationHz;
  into[place++] = setup.shedRatio * setup.loadMw;
  into[place] = -(1 - setup.remainingRatio) * setup.outputMw;
  let netMw = 0;
  for (let energy = startOfEnergies; energy < into.length; energy++) netMw += floatAt(into, energy);
  into[0] = netMw / massMwsPerHz(setup);
}
