import type { Users } from '../../../shared/domain/siting/distance.js';
import { latencyMs } from '../../../shared/domain/siting/distance.js';
import type { BaseYear } from '../../../shared/domain/siting/baseYear.js';
import { readFactsFile, readUsersFile, rtsPlaces, type FactsFile, type SiteFacts } from '../../../shared/scenario/siting/factsFile.js';
import type { World } from '../../../shared/scenario/schema.js';
import { processMonthsOf, type ProcessMonths } from './processMonths.js';
import type { RankAnswer } from './rankAnswer.js';

/** What files say about the buses of a network. */
export interface KnownFacts {
  of(bus: string): SiteFacts;
  /** Round trip to users, ms; null where coordinates or users are not known. */
  latencyMs(bus: string): number | null;
  readonly told: RankAnswer['facts'];
}

export interface FactsAsked {
  readonly place: string;
  readonly sitesFile: string | undefined;
  readonly usersFile: string | undefined;
  readonly fibreFactor: number;
}

const nothing: SiteFacts = { place: null, waterStress: null, permitMonths: null, powerMonths: null, networkUsd: null, population: null };

/** Facts of a file, coordinates of the network itself where it has any, and users: those of a file, else where load is. */
export async function knownFactsOf(world: World, asked: FactsAsked): Promise<(base: BaseYear) => KnownFacts> {
  const busIds = world.network.buses.map(({ id }) => id);
  const own = await rtsPlaces(asked.place, busIds);
  const file = asked.sitesFile === undefined ? null : await readFactsFile(asked.sitesFile, busIds);
  const process = processMonthsOf(world);
  const users = asked.usersFile === undefined ? null : await readUsersFile(asked.usersFile);
  const of = (bus: string): SiteFacts => {
    const told = file?.byBus.get(bus) ?? nothing;
    const months = process.byBus.get(bus);
    return {
      ...told,
      place: told.place ?? own?.byBus.get(bus)?.place ?? null,
      permitMonths: told.permitMonths ?? months?.permitMonths ?? null,
      powerMonths: told.powerMonths ?? months?.powerMonths ?? null,
    };
  };
  return (base) => {
    const served: readonly Users[] =
      users ??
      world.network.buses.flatMap(({ id }, place) => {
        const at = of(id).place;
        return at === null ? [] : [{ ...at, weight: Math.max(0, base.meanLoadMw[place] ?? 0) }];
      });
    return {
      of,
      latencyMs: (bus) => {
        const { place } = of(bus);
        return place === null ? null : latencyMs(place, served, asked.fibreFactor);
      },
      told: [
        ...latencyTold(served.length > 0 && busIds.some((bus) => of(bus).place !== null), users !== null, asked),
        ...factsTold(file),
        ...processTold(process),
      ],
    };
  };
}

function latencyTold(isKnown: boolean, hasUsers: boolean, { usersFile, fibreFactor }: FactsAsked): RankAnswer['facts'] {
  if (!isKnown) return [];
  const users = hasUsers ? `users of ${usersFile}` : 'users stand where load is';
  return [{ fact: 'latency', evidence: 'assumed', basis: `${users}; fibre ${fibreFactor} times the great circle` }];
}

function factsTold(file: FactsFile | null): RankAnswer['facts'] {
  return (file?.sources ?? []).map(({ column, named, isAssumed }) => ({
    fact: column,
    evidence: isAssumed ? ('assumed' as const) : ('measured' as const),
    basis: named.length === 0 ? 'no source named' : named.join('; '),
  }));
}

function processTold({ byBus, basis }: ProcessMonths): RankAnswer['facts'] {
  if (byBus.size === 0) return [];
  return (['permitMonths', 'powerMonths'] as const).map((fact) => ({ fact, evidence: 'assumed', basis }));
}
