/** How a figure is known: measured, chosen so that it meets something measured, or neither. */
export type Evidence = 'measured' | 'calibrated' | 'assumed';

const strength: Readonly<Record<Evidence, number>> = { measured: 2, calibrated: 1, assumed: 0 };

/** What a figure made of others rests on: the weakest of them; measured when there is none. */
export function weakest(kinds: readonly Evidence[]): Evidence {
  return kinds.reduce<Evidence>((least, kind) => (strength[kind] < strength[least] ? kind : least), 'measured');
}
