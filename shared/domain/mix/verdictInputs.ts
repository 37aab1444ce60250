import type { MixCase } from './cases.js';

/** What the verdict on "nuclear is needed, and not sufficient" rests on; null where a case that it needs is out of reach. */
export interface VerdictInputs {
  readonly nuclearAloneHoldsTarget: boolean | null;
  /** Cost of nuclear alone by that of the best mix. */
  readonly nuclearAloneToBestMixRatio: number | null;
  /** Cost of the best mix without nuclear by that of the best mix. */
  readonly withoutNuclearToBestMixRatio: number | null;
  /** The same among sources that emit no carbon dioxide. */
  readonly carbonFree: Pick<VerdictInputs, 'nuclearAloneToBestMixRatio' | 'withoutNuclearToBestMixRatio'>;
}

/** Inputs of the verdict from the cases; the verdict itself is not given here. */
export function verdictInputsOf(cases: readonly MixCase[]): VerdictInputs {
  const nuclear = cases.find(({ of }) => of.kind === 'alone' && of.name === 'nuclear');
  const usdOf = (found: MixCase | undefined): number | null => found?.cost?.usdPerMwh ?? null;
  const ratios = (carbonFree: boolean) => {
    const mix = (withNuclear: boolean): number | null =>
      usdOf(cases.find(({ of }) => of.kind === 'mix' && of.carbonFree === carbonFree && of.withNuclear === withNuclear));
    const best = mix(true);
    const toBest = (usd: number | null): number | null => (usd === null || best === null || best <= 0 ? null : usd / best);
    return { nuclearAloneToBestMixRatio: toBest(usdOf(nuclear)), withoutNuclearToBestMixRatio: toBest(mix(false)) };
  };
  return { nuclearAloneHoldsTarget: nuclear === undefined ? null : nuclear.kind === 'sized', ...ratios(false), carbonFree: ratios(true) };
}
