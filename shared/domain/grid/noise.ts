import { drawNormal } from '../random.js';
import type { PreparedProfile } from './profiles.js';

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
  /** [units]: id and profile; null where a unit is firm. */
  readonly units: readonly { readonly id: string; readonly profile: PreparedProfile | null }[];
}

/** Carries the noise on to a tick: first-order autoregression, exact for any length of tick, with one keyed draw per unit and tick. */
export function advanceNoise(state: NoiseState, at: { readonly tick: number; readonly startMs: number }, noisy: NoisyUnits): NoiseState {
  const { atMs } = state;
  const z = noisy.units.map(({ id, profile }, place) => {
    if (profile === null || profile.noise === null) return 0;
    const fresh = drawNormal({ seed: noisy.seed, component: noisy.component, entity: id, purpose: profile.noise.purpose, n: at.tick });
    if (atMs === null) return fresh;
    const kept = memoryLeft(at.startMs - atMs, profile.noise.memoryMs);
    return kept * (state.z[place] ?? 0) + Math.sqrt(1 - kept * kept) * fresh;
  });
  return { atMs: at.startMs, z };
}

/** Expected noise of a unit some time ahead, given what it is now. */
export function expectedNoise(z: number, profile: PreparedProfile, aheadMs: number): number {
  return profile.noise === null ? 0 : z * memoryLeft(aheadMs, profile.noise.memoryMs);
}

function memoryLeft(elapsedMs: number, memoryMs: number): number {
  return memoryMs > 0 ? Math.exp(-elapsedMs / memoryMs) : 0;
}
