import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readAll } from '../../../shared/bus/read.js';
import type { ClockStatus } from '../../../shared/bus/answers.js';
import { ask } from '../../../shared/bus/request.js';
import { recordedDomains, streamsOf } from '../../../shared/bus/topology.js';
import type { Bus } from '../../../shared/bus/connect.js';
import { loadWorld } from '../../../shared/bus/world.js';
import { compareFacts, type Fact } from '../../../shared/domain/fact.js';
import { outsideInputsOf, takeInputs, type OutsideInput } from '../../../shared/domain/outside.js';
import { fromWire, hourMs, minuteMs, tickStartMs, toWire } from '../../../shared/domain/ticks.js';
import { createWholeWorld } from '../../../shared/domain/wholeWorld.js';
import type { SavedWorld } from '../../../shared/domain/world.js';
import { registry, type FactType } from '../../../shared/events/registry.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { loadHighsSolver } from '../../../shared/runtime/highs.js';
import { writeWhole } from '../../../shared/runtime/whole.js';
import { worldHash } from '../../../shared/scenario/canonical.js';
import type { ScriptEntry, World } from '../../../shared/scenario/schema.js';
import type { BranchState } from '../../../shared/scenario/study/branch.js';
import type { Study } from '../../../shared/scenario/study/schema.js';
import { fileText } from './folder.js';

/** What a branch is asked for. */
export interface BranchAsked {
  /** Null: where the twin stands now. */
  readonly atMs: number | null;
  /** Null: a day after. */
  readonly untilMs: number | null;
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Their instant is absent where they happen at once. */
  readonly acts: readonly (Omit<ScriptEntry, 'atTime'> & { readonly atTime?: string })[];
  readonly folder: string;
}

/** A branch as it was written. */
export interface Branch {
  readonly atTime: string;
  readonly untilTime: string;
  readonly studyFile: string;
  /** What people and outside systems had asked for until then. */
  readonly inputs: number;
  /** Milestones the live twin has kept until then, and the first of them that the world run again says otherwise; null: it says them all. */
  readonly milestones: number;
  readonly firstDifference: string | null;
  readonly seconds: number;
}

const tellEveryTicks = 2_000;
/** What is kept for good of a twin: by it a branch is judged; and what was measured outside. */
const recordedMilestones = registry.flatMap(({ kind, type }) => {
  const isInput = kind === 'milestone' || type === 'telemetry.demand.v1';
  const isKept = isInput && recordedDomains.some((domain) => type.startsWith(`${domain}.`));
  return isKept ? [type as FactType] : [];
});

/**
 * Forks the twin at an instant: runs its world again from the start with what came from outside, which gives the state it stood in then, and
 * writes scenario, state and a study of what stays as it is against what is changed.
 * @throws TWIN_WRONG_INPUT when the instant is not within what has happened.
 */
export async function writeBranch(bus: Bus, asked: BranchAsked): Promise<Branch> {
  const world = await loadWorld(bus);
  const standing = await ask<ClockStatus>(bus, 'clock', 'status', {});
  const record = (await readAll(bus, { stream: streamsOf(bus.root).record, types: recordedMilestones })).map(({ fact }) => fact);
  const ticks = ticksAt(world, standing.tick, asked.atMs);
  const startMs = fromWire(world.clock.startTime);
  const atMs = tickStartMs({ startMs, tickMinutes: world.clock.tickMinutes }, ticks);
  const untilMs = asked.untilMs ?? atMs + 24 * hourMs;
  if (untilMs <= atMs) throw wrongInput(`--until: found ${toWire(untilMs)}, allowed: an instant after the branch, ${toWire(atMs)}`);
  const inputs = outsideInputsOf(record).filter(({ tick }) => tick < ticks);
  const beganMs = stopwatchMs();
  const { state, said } = await runAgain(world, inputs, ticks);
  const seconds = (stopwatchMs() - beganMs) / 1_000;
  const compared = compareMilestones(record, said, ticks);
  await mkdir(asked.folder, { recursive: true });
  const scenarioHash = worldHash(world);
  const kept: BranchState = { schema: 'loadstone.state/1', scenarioHash, atTime: toWire(atMs), world: state };
  const study = studyOf(world, { ...asked, atMs, untilMs });
  const studyFile = join(asked.folder, 'study.yaml');
  await writeWhole(join(asked.folder, 'world.json'), fileText(world));
  await writeWhole(join(asked.folder, 'state.json'), JSON.stringify(kept));
  await writeWhole(studyFile, stringify(study, { lineWidth: 140 }));
  const asks = inputs.filter(({ kind }) => kind === 'asked').length;
  return { atTime: toWire(atMs), untilTime: toWire(untilMs), studyFile, inputs: asks, ...compared, seconds };
}

/** Ticks that are over at an instant, `newest` of them by now; null: all of them. */
function ticksAt({ clock }: World, newest: number, atMs: number | null): number {
  const startMs = fromWire(clock.startTime);
  if (atMs === null && newest > 0) return newest;
  if (atMs === null) throw wrongInput('branch: found a twin that has not finished a tick, allowed: one that has');
  const ticks = Math.floor((atMs - startMs) / (clock.tickMinutes * minuteMs));
  const lastMs = tickStartMs({ startMs, tickMinutes: clock.tickMinutes }, newest);
  if (ticks < 1 || atMs > lastMs)
    throw wrongInput(`--at: found ${toWire(atMs)}, allowed: an instant after ${clock.startTime}, up to ${toWire(lastMs)}`);
  return ticks;
}

/** The world at the end of so many ticks, and the milestones it says on the way. */
async function runAgain(
  world: World,
  inputs: readonly OutsideInput[],
  ticks: number,
): Promise<{ readonly state: SavedWorld; readonly said: readonly Fact[] }> {
  const solver = await loadHighsSolver();
  const fast = createWholeWorld(world, solver);
  const said: Fact[] = [];
  const keep = (facts: readonly Fact[]): void => {
    for (const fact of facts) if (recordedMilestones.includes(fact.type)) said.push(fact);
  };
  for (let tick = 0; tick < ticks; tick++) {
    keep(fast.tick());
    keep(takeInputs(fast, inputs));
    if ((tick + 1) % tellEveryTicks === 0) process.stderr.write(`branch: ${tick + 1} of ${ticks} ticks run again\n`);
  }
  const state = fast.save();
  solver.close();
  return { state, said };
}

/** Compares what the live twin said with what the world says that was run again, tick by tick. */
function compareMilestones(live: readonly Fact[], again: readonly Fact[], ticks: number): Pick<Branch, 'milestones' | 'firstDifference'> {
  const own = linesOf(live, ticks);
  const other = linesOf(again, ticks);
  const place = Array.from({ length: Math.max(own.length, other.length) }, (_, at) => at).find((at) => own[at]?.line !== other[at]?.line);
  const odd = place === undefined ? null : (own[place] ?? other[place] ?? null);
  return {
    milestones: own.length,
    firstDifference: odd === null ? null : `${odd.fact.type} of ${odd.fact.entity} at ${toWire(odd.fact.timeMs)}`,
  };
}

function linesOf(facts: readonly Fact[], ticks: number): readonly { readonly line: string; readonly fact: Fact }[] {
  return facts
    .filter(({ tick, component, type, data }) => {
      const isOfPlatform = component === 'clock' || type === 'condition.platform.v1';
      const isPlatformAlarm = type.startsWith('alarm.') && 'origin' in data && data.origin === 'platform';
      return tick < ticks && !isOfPlatform && !isPlatformAlarm;
    })
    .toSorted(compareFacts)
    .map((fact) => ({
      fact,
      line: createHash('sha256')
        .update(JSON.stringify([fact.id, fact.component, fact.data]))
        .digest('hex'),
    }));
}

function studyOf(
  world: World,
  { atMs, untilMs, overrides, acts }: BranchAsked & { readonly atMs: number; readonly untilMs: number },
): Study {
  const changed = acts.map((act): ScriptEntry => ({ ...act, atTime: act.atTime ?? toWire(atMs) }));
  const isChanged = changed.length > 0 || Object.keys(overrides).length > 0;
  const asItIs = { id: 'as-it-is', overrides: {} };
  return {
    schema: 'loadstone.study/1',
    name: `branch-${toWire(atMs).slice(0, 16).replaceAll(/[-:]/g, '').toLowerCase()}`,
    title: `${world.title}, from ${toWire(atMs)} on`,
    base: { scenario: './world.json', state: './state.json' },
    horizon: { untilTime: toWire(untilMs) },
    seeds: [world.seed],
    variants: isChanged ? [asItIs, { id: 'changed', overrides, ...(changed.length === 0 ? {} : { acts: changed }) }] : [asItIs],
  };
}
