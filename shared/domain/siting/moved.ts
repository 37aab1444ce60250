import type { World } from '../../scenario/schema.js';
import { withFlatLoads, type FlatLoad, type SitingRun } from './eras.js';
import { effectOf, loadedYearOf, type LoadedYear, type LoadEffect } from './loadedYear.js';
import type { BuiltSite, Placements } from './placement.js';

/** The same MW at other places, and what they then do to the network. */
export interface MovedYear {
  readonly loads: readonly FlatLoad[];
  readonly effect: LoadEffect;
  /** Hours in which the loss of one line breaks an emergency rating. */
  readonly insecureHours: number;
  readonly shortBy: LoadedYear['shortBy'];
}

/** What "anywhere is fine" means in numbers: the year as built, and with the same MW at random feasible places. */
export interface MoveTest {
  /** Without any of the sites. */
  readonly before: LoadedYear;
  readonly built: MovedYear;
  readonly moved: readonly MovedYear[];
}

/** Dispatches the year without the sites, as built, and with the first of the drawn placements. */
export function moveTestOf(
  world: World,
  run: SitingRun,
  asked: {
    readonly sites: readonly BuiltSite[];
    readonly placements: Placements;
    readonly moves: number;
    readonly say: (line: string) => void;
  },
): MoveTest {
  const { sites, placements, moves, say } = asked;
  const yearOf = (loads: readonly FlatLoad[], name: string): LoadedYear =>
    loadedYearOf(withFlatLoads(world, loads), run, { wantsScreening: true, heard: (hours) => say(`${name}: ${hours} hours`) });
  const before = yearOf([], 'without the sites');
  const totalMw = sites.reduce((sum, { mw }) => sum + mw, 0);
  const movedOf = (loads: readonly FlatLoad[], name: string): MovedYear => {
    const year = yearOf(loads, name);
    return { loads, effect: effectOf(before, year, totalMw), insecureHours: year.insecureHours ?? 0, shortBy: year.shortBy };
  };
  const built = movedOf(
    sites.map(({ id, mw }) => ({ bus: id, mw })),
    'as built',
  );
  const moved = Array.from({ length: Math.min(moves, placements.draws) }, (_, draw) => {
    const chosen = placements.chosen(draw, 'any');
    const loads = sites.map(({ mw, places }, site) => ({ bus: places[chosen[site] ?? -1]?.node ?? '', mw }));
    return movedOf(loads, `move ${draw + 1} of ${moves}`);
  });
  return { before, built, moved };
}
