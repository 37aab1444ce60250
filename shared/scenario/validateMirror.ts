import { shown } from '../domain/shown.js';
import type { World } from './schema.js';
import type { Misfit } from './shape.js';

/** Sources of measured load that name no region of the world, the same one twice, or no address. */
export function* mirrorMisfits({ mirror = [], regions }: World): Generator<Misfit> {
  for (const [index, source] of mirror.entries()) {
    const { region } = source;
    const names = regions.map(({ id }) => id).join(', ');
    if (!regions.some(({ id }) => id === region)) yield { field: `mirror[${index}].region`, found: region, allowed: names };
    if (mirror.findIndex((other) => other.region === region) < index)
      yield { field: `mirror[${index}].region`, found: `${region} a second time`, allowed: 'one source a region' };
    if (source.kind === 'http' && !/^https?:$/.test(protocolOf(source.url)))
      yield { field: `mirror[${index}].url`, found: shown(source.url), allowed: 'an address that begins with http:// or https://' };
    if (source.kind === 'file' && source.path.trim() === '')
      yield { field: `mirror[${index}].path`, found: shown(source.path), allowed: 'the path of a CSV file' };
  }
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}
