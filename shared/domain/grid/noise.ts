import { drawNormal } from '../random.js';
import type { Noise, PreparedProfile } from './profiles.js';

/** Standardised noise of the units at an instant; plain JSON, part of saved state. */
export interface NoiseState {
  /** Null before the first tick. */
  readonly atMs: number | null;
  /** [units]: 0 where a unit has no noise. */
  readonly z: readonly number[];
}

/** Units whose availability moves by chance. */
export interface NoisyUnits {
  readonly seed: number;
  readonly component: string;
  /** Of all units. */
  readonly count: number;
  /** Those with noise, by place. */
  readonly units: readonly { readonly id: string; readonly place: number; readonly noise: Noise }[];
}

/** Those of some units that have noise; `profiles` is [units], null where a unit is firm. */
export function noisyUnitsOf(
  { seed, component }: Pick<NoisyUnits, 'seed' | 'component'>,
  units: readonly { readonly id: string }[],
  profiles: readonly (PreparedProfile | null)[],
): NoisyUnits {
  const noisy = units.flatMap(({ id }, place) => {
    const noise = profiles[place]?.noise ?? null;
    return noise === null ? [] : [{ id, place, noise }];
  });
  return { seed, component, count: units.length, units: noisy };
}

/** Carries the noise on to a tick: first-order autoregression, exact for any length of tick, with one keyed draw per unit and tick. */
export function advanceNoise(state: NoiseState, at: { readonly tick: number; readonly startMs: number }, noisy: NoisyUnits): NoiseState {
  const { atMs } = state;
  const isStill = noisy.units.length === 0 && state.z.length === noisy.count;
  if (isStill) return { atMs: at.startMs, z: state.z };
  const z = Array.from({ length: noisy.count }, () => 0);
  for (const { id, place, noise } of noisy.units) {
    const fresh = drawNormal({ seed: noisy.seed, component: noisy.component, entity: id, purpose: noise.purpose, n: at.tick });
    const kept = atMs === null ? 0 : memoryLeft(at.startMs - atMs, noise.memoryMs);
    z[place] = atMs === null ? fresh : kept * (state.z[place] ?? 0) + Math.sqrt(1 - kept * kept) * fresh;
  }
  return { atMs: at.startMs, z };
}

/** Expected noise of a unit some time ahead, given what it is now. */
export function expectedNoise(z: number, profile: PreparedProfile, aheadMs: number): number {
  return profile.noise === null ? 0 : z * memoryLeft(aheadMs, profile.noise.memoryMs);
}

function memoryLeft(elapsedMs: number, memoryMs: number): number {
  return memoryMs > 0 ? Math.exp(-elapsedMs / memoryMs) : 0;
}
