import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { Type, type Static } from 'typebox';
import { record } from '../events/define.js';
import { slug, text } from '../events/fields.js';
import { wrongInput } from '../runtime/errors.js';
import { builtIns } from './builtIn.js';
import { ordered } from './canonical.js';
import { isFolder, readJson } from './files.js';
import { importMatpower } from './matpower/import.js';
import { plainOperations } from './plain.js';
import { importRtsGmlc, type ImportedNetwork } from './rtsGmlc/import.js';
import { worldSchema, type World } from './schema.js';
import { filledIn, isRecord, misfitOf, refuse, shapeOf } from './shape.js';
import { checkedWorld, misfitsOf } from './validate.js';

/** A network in Loadstone's own form: what an importer makes of a folder or file, and what a scenario can be begun from. */
export const networkFileSchema = record({
  schema: Type.Literal('loadstone.network/1'),
  name: slug('Network.'),
  regions: worldSchema.properties.regions,
  network: worldSchema.properties.network,
  series: worldSchema.properties.series,
  warnings: Type.Array(text('What the import passed over.')),
});
export type NetworkFile = Static<typeof networkFileSchema>;

const networkFileShape = shapeOf(networkFileSchema);

/**
 * The network in an RTS-GMLC folder, a MATPOWER case (`.m`, `.m.gz`), a network file, a scenario file, or a built-in scenario that needs
 * no data.
 * @throws TWIN_WRONG_INPUT with one line that names file and field.
 */
export async function readNetwork(place: string): Promise<NetworkFile> {
  if (await isFolder(place)) return importNetwork(place);
  if (isCase(place)) return importCase(place);
  const value = await valueAt(place);
  if (!isScenario(value)) return networkOf(value, place);
  const { name, regions, network, series } = checkedWorld(value, place);
  return { schema: 'loadstone.network/1', name, regions, network, series, warnings: [] };
}

/**
 * The world of a scenario file or of a built-in scenario that needs no data, whole; a network of any other form as a world of nothing
 * else.
 * @throws TWIN_WRONG_INPUT with one line that names file and field.
 */
export async function readWorld(place: string): Promise<World> {
  if ((await isFolder(place)) || isCase(place)) return bareWorld(await readNetwork(place));
  const value = await valueAt(place);
  return isScenario(value) ? checkedWorld(value, place) : bareWorld(networkOf(value, place));
}

async function valueAt(place: string): Promise<unknown> {
  const builtIn = builtIns.find(({ name, data }) => name === place && data === null);
  return builtIn === undefined ? readJson(place) : builtIn.build('');
}

function isCase(place: string): boolean {
  return /\.m(\.gz)?$/i.test(place);
}

function isScenario(value: unknown): boolean {
  return isRecord(value) && value['schema'] === worldSchema.properties.schema.const;
}

function networkOf(value: unknown, place: string): NetworkFile {
  const filled = filledIn(networkFileShape, value);
  const misfit = misfitOf(networkFileShape, filled);
  if (misfit !== null) refuse(place, misfit);
  return checkedNetwork(filled as NetworkFile, place);
}

/** The RTS-GMLC test system in a folder, checked. */
export async function importNetwork(dir: string): Promise<NetworkFile> {
  return fileOf('rts-gmlc', await importRtsGmlc(dir), dir);
}

/**
 * The MATPOWER case in a file, checked.
 * @throws TWIN_WRONG_INPUT with one line that names file, line and column.
 */
export async function importCase(path: string, options: Parameters<typeof importMatpower>[1] = {}): Promise<NetworkFile> {
  const { name, ...imported } = await importMatpower(path, options);
  return fileOf(name, imported, path);
}

/**
 * Writes a network, packed when the name ends in `.gz`.
 * @throws TWIN_WRONG_INPUT when the file cannot be written.
 */
export async function writeNetwork(path: string, network: NetworkFile): Promise<void> {
  await writeText(path, JSON.stringify(ordered(networkFileShape, network)), 'w');
}

/**
 * Writes text, packed when the name ends in `.gz`; with `wx` only where no file is.
 * @throws TWIN_WRONG_INPUT when that is not possible.
 */
export async function writeText(path: string, content: string, flag: 'w' | 'wx'): Promise<void> {
  const bytes = /\.gz$/i.test(path) ? gzipSync(content) : content;
  await writeWhole(path, bytes, flag).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const found = code === 'EEXIST' ? 'a file of this name' : code;
    throw wrongInput(`${path}: found ${found}, allowed: a path that can be written${flag === 'wx' ? ' and is free' : ''}`);
  });
}

/** Writes beside the place first, so that what stands there is whole at any time; what is no plain file is written straight. */
async function writeWhole(path: string, bytes: string | Buffer, flag: 'w' | 'wx'): Promise<void> {
  const isPlain = await stat(path).then(
    (entry) => entry.isFile(),
    () => true,
  );
  if (!isPlain || flag === 'wx') return writeFile(path, bytes, { flag });
  const part = `${path}.${process.pid}.part`;
  try {
    await writeFile(part, bytes, { flag: 'wx' });
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

/** A world of nothing but a network: no campuses, no reserve, from the start of its series. */
export function bareWorld({ name, regions, network, series }: NetworkFile): World {
  const startTime = Object.values(series)[0]?.startTime ?? '2027-01-01T00:00:00.000Z';
  return {
    schema: 'loadstone.scenario/1',
    name,
    title: name,
    seed: 1,
    clock: { startTime, tickMinutes: 60, marketMinutes: 60, utcOffsetMinutes: 0, rate: 3_600, holdAtTime: null },
    regions,
    series,
    network,
    reserve: { requirementMw: 0, shortageSteps: [], watchBelowMw: 0, warningBelowMw: 0, emergencyBelowMw: 0 },
    ...plainOperations,
    lostLoadUsdPerMwh: 10_000,
    valueOfComputeUsdPerMwh: 662,
    campuses: [],
    runs: [],
    contracts: [],
    agencies: [],
    projects: [],
    script: [],
  };
}

function fileOf(name: string, { regions, network, series, warnings }: ImportedNetwork, place: string): NetworkFile {
  return checkedNetwork({ schema: 'loadstone.network/1', name, regions: [...regions], network, series, warnings: [...warnings] }, place);
}

function checkedNetwork(network: NetworkFile, place: string): NetworkFile {
  const [first] = misfitsOf(bareWorld(network));
  if (first !== undefined) refuse(place, first);
  return network;
}
