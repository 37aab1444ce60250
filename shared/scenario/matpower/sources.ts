import type { Source } from '../../events/grid.js';

/** How a kind of unit is written as fuel and type. Words: MATPOWER `genfuels` and `gentypes` (EIA codes). */
const words: Readonly<Record<Source, readonly [fuel: string, type: string]>> = {
  nuclear: ['nuclear', 'ST'],
  coal: ['coal', 'ST'],
  'gas-cc': ['ng', 'CC'],
  'gas-ct': ['ng', 'GT'],
  oil: ['oil', 'GT'],
  hydro: ['hydro', 'HY'],
  wind: ['wind', 'WT'],
  solar: ['solar', 'PV'],
  csp: ['solar', 'CP'],
  storage: ['ess', 'ES'],
  import: ['import', 'OT'],
  other: ['other', 'OT'],
};

const sourceOfFuel: Readonly<Record<string, Source>> = {
  nuclear: 'nuclear',
  uranium: 'nuclear',
  coal: 'coal',
  lignite: 'coal',
  oil: 'oil',
  dfo: 'oil',
  rfo: 'oil',
  jetfuel: 'oil',
  ng: 'gas-ct',
  gas: 'gas-ct',
  lng: 'gas-ct',
  syncgen: 'gas-ct',
  hydro: 'hydro',
  hydrops: 'hydro',
  wind: 'wind',
  solar: 'solar',
  ess: 'storage',
  storage: 'storage',
  import: 'import',
};

const combinedCycle = new Set(['CC', 'CA', 'CS']);

/** Sources whose unused output can be called as reserve; those of unknown fuel are taken to be dispatchable. */
const reserveSources = new Set<Source>(['coal', 'gas-cc', 'gas-ct', 'oil', 'other']);

/** Kind of a unit from its fuel and type, in any letter case; unknown words are `other`. */
export function sourceOf(fuel: string, type: string): Source {
  const word = fuel.toLowerCase();
  const source = Object.hasOwn(sourceOfFuel, word) ? (sourceOfFuel[word] ?? 'other') : 'other';
  const code = type.toUpperCase();
  if (source === 'gas-ct' && combinedCycle.has(code)) return 'gas-cc';
  if (source === 'solar' && (code === 'CP' || code === 'CSP')) return 'csp';
  return source;
}

/** Fuel and type of a kind of unit, so that `sourceOf` gives it back. */
export function wordsOf(source: Source): readonly [fuel: string, type: string] {
  return words[source];
}

/** Whether unused output of a kind of unit counts as reserve when the file does not say. */
export function canReserve(source: Source): boolean {
  return reserveSources.has(source);
}
