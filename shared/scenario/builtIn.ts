import type { World } from './schema.js';
import { overlays, rtsGmlcWorld } from './rtsGmlc/world.js';
import { phoenix } from './phoenix/world.js';
import { campusBuild } from './processes/campusBuild.js';
import { threeAreas } from './threeAreas/world.js';

/** A scenario that comes with the program. */
export interface BuiltIn {
  readonly name: string;
  readonly title: string;
  /** What the data folder must hold; null: it needs none. */
  readonly data: string | null;
  build(dataDir: string): Promise<World>;
}

/** The scenarios that come with the program, in the order they are listed. */
export const builtIns: readonly BuiltIn[] = [
  ...[threeAreas, phoenix, campusBuild].map((world) => ({
    name: world.name,
    title: world.title,
    data: null,
    build: () => Promise.resolve(world),
  })),
  ...(['rts-gmlc', 'rts-gmlc-tight'] as const).map((name) => ({
    name,
    title: overlays[name],
    data: 'SourceData and timeseries_data_files of RTS-GMLC',
    build: (dataDir: string) => rtsGmlcWorld(name, dataDir),
  })),
];
