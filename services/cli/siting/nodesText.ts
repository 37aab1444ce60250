import { floatAt } from '../../../shared/domain/grid/dense.js';
import type { Sites } from '../../../shared/domain/siting/sites.js';
import type { World } from '../../../shared/scenario/schema.js';
import type { KnownFacts } from './facts.js';

const header = 'node,region,latitude,longitude,surplusMw,hostingMw,population';

/**
 * Sites as a table of nodes: mean surplus, room at the share of energy asked for (by place), users where a file says so, else mean load.
 * Its rows name no source: what a model has made up is assumed until somebody vouches for it.
 */
export function nodesText(world: World, { base, sites }: Sites, facts: KnownFacts, ratio: number): string {
  const lines = sites.map(({ bus, surplus, hosting, secureHosting }) => {
    const { id = '', region = '' } = world.network.buses[bus] ?? {};
    const { place, population } = facts.of(id);
    const users = population ?? Math.max(0, floatAt(base.meanLoadMw, bus));
    const hostingMw = (secureHosting ?? hosting).mw[ratio] ?? 0;
    return [id, region, place?.latitudeDegrees ?? '', place?.longitudeDegrees ?? '', surplus.meanMw, hostingMw, users].join(',');
  });
  return `${[header, ...lines].join('\n')}\n`;
}
