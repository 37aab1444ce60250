import { dirname, isAbsolute, join } from 'node:path';
import { cellsOf, type StudyCell } from '../../domain/study/cells.js';
import { ticksUntil } from '../../domain/study/cell.js';
import { fromWire } from '../../domain/ticks.js';
import { TwinError, wrongInput } from '../../runtime/errors.js';
import { builtIns } from '../builtIn.js';
import { readText, readJson } from '../files.js';
import { resolveWorld } from '../load.js';
import type { SavedWorld } from '../../domain/world.js';
import type { World } from '../schema.js';
import { misfitOf, refuse, shapeOf } from '../shape.js';
import { checkedWorld } from '../validate.js';
import { cellWorld, misfitOfSetting, placedSettings, studyWorld } from './cellWorld.js';
import { studyMisfits } from './check.js';
import { misfitOfBranch, readState } from './branch.js';
import { linesOf, type LineOf } from './lines.js';
import { studySchema, type Study } from './schema.js';
import { readYaml } from './yaml.js';

const studyShape = shapeOf(studySchema);

/** A study with the world it stands on, everything in it checked as far as that goes without running it. */
export interface ReadStudy {
  readonly study: Study;
  /** On the clock of the study. */
  readonly base: World;
  /** Hash of the scenario as it was read. */
  readonly baseHash: string;
  readonly untilMs: number;
  /** Where every cell begins; undefined: where the world does. */
  readonly begin: SavedWorld | undefined;
  /** Ticks of a cell that no rule stops. */
  readonly ticks: number;
  /** Groups whose settings cannot stand together: their cells will fail. */
  readonly impossible: readonly ImpossibleGroup[];
}

/** A group of cells that is no world, and why. */
export interface ImpossibleGroup {
  readonly group: string;
  readonly message: string;
}

/** Groups that are tried before anything runs; checking a world of a year of series takes tenths of a second. */
const mostTried = 64;

/**
 * Reads a study file and the scenario it names. Every setting is tried on the base; what axes and draws only break together shows
 * in its cell.
 * @throws TWIN_WRONG_INPUT with file, line and field.
 */
export async function readStudy(file: string, dataDir: string | undefined): Promise<ReadStudy> {
  const { value, lineOf } = await readDocument(file);
  const misfit = misfitOf(studyShape, value);
  if (misfit !== null) refuse(placeIn(file, lineOf, misfit.field), misfit);
  const study = value as Study;
  const [first] = studyMisfits(study);
  if (first !== undefined) refuse(placeIn(file, lineOf, first.field), first);
  const { world, hash } = await resolveWorld({ scenario: scenarioOf(study, file), dataDir: dataDir ?? fromFolder(study.base.data, file) });
  const base = studyWorld(world, study);
  const state = study.base.state === undefined ? null : await readState(fromFolder(study.base.state, file) ?? '', hash);
  if (state !== null) {
    const odd = misfitOfBranch(study, base);
    if (odd !== null) refuse(placeIn(file, lineOf, odd.field), odd);
  }
  const begin = state?.world;
  const untilMs = fromWire(study.horizon.untilTime);
  const ticks = ticksUntil(base, untilMs) - (begin?.nextTick ?? 0);
  if (ticks < 1) {
    const allowed = `an instant at least a tick of ${base.clock.tickMinutes} min after the start, ${state?.atTime ?? base.clock.startTime}`;
    refuse(placeIn(file, lineOf, 'horizon.untilTime'), { field: 'horizon.untilTime', found: study.horizon.untilTime, allowed });
  }
  const impossible = trySettings({ file, lineOf, study, base });
  return { study, base, baseHash: state?.hash ?? hash, untilMs, begin, ticks, impossible };
}

/** The one reader of study files: a value, and where its fields stand. */
export async function readDocument(file: string): Promise<{ readonly value: unknown; readonly lineOf: LineOf }> {
  if (/\.ya?ml(\.gz)?$/i.test(file)) return readYaml(await readText(file), file);
  const value = await readJson(file);
  return { value, lineOf: linesOf(await readText(file), file) };
}

function placeIn(file: string, lineOf: LineOf, field: string): string {
  return `${file}:${lineOf(field)}`;
}

function scenarioOf({ base }: Study, file: string): string {
  return builtIns.some(({ name }) => name === base.scenario) ? base.scenario : (fromFolder(base.scenario, file) ?? base.scenario);
}

/** A path as it stands in a study file: from the folder of that file. */
function fromFolder(path: string | undefined, file: string): string | undefined {
  return path === undefined || isAbsolute(path) || !/[./\\]/.test(path) ? path : join(dirname(file), path);
}

interface Trying {
  readonly file: string;
  readonly lineOf: LineOf;
  readonly study: Study;
  readonly base: World;
}

/** First each setting at its own place, then the worlds they make together, of which one at least has to be possible. */
function trySettings({ file, lineOf, study, base }: Trying): readonly ImpossibleGroup[] {
  for (const placed of placedSettings(study)) {
    const misfit = misfitOfSetting(base, placed);
    if (misfit === null) continue;
    const field = placed.field.endsWith(misfit.field) ? placed.field : `${placed.field}: ${misfit.field}`;
    refuse(placeIn(file, lineOf, placed.field), { ...misfit, field });
  }
  for (const [place, { acts = [] }] of (study.variants ?? []).entries()) {
    const field = `variants[${place}].acts`;
    if (acts.length > 0) checkedWorld({ ...base, script: acts }, `${placeIn(file, lineOf, field)}: ${field}`);
  }
  const ofGroups = cellsOf({ ...withoutDraws(study), seeds: [base.seed] });
  const tried = ofGroups.slice(0, mostTried);
  const impossible = tried.flatMap((cell) => impossibleGroup(base, cell, file));
  const [first] = impossible;
  if (first !== undefined && impossible.length === ofGroups.length) throw wrongInput(first.message);
  return impossible;
}

function withoutDraws({ draws: _draws, ...study }: Study): Study {
  return study;
}

function impossibleGroup(base: World, cell: StudyCell, file: string): readonly ImpossibleGroup[] {
  try {
    cellWorld(base, cell, `${file}: group ${cell.group}`);
    return [];
  } catch (error) {
    if (error instanceof TwinError && error.code === 'TWIN_WRONG_INPUT') return [{ group: cell.group, message: error.message }];
    throw error;
  }
}
