import { loadWorld } from '../../../shared/bus/world.js';
import { chooseReduction, type Alternative, type Giver } from '../../../shared/domain/cluster/alternatives.js';
import type { FactDataOf } from '../../../shared/domain/fact.js';
import { givingStates } from '../../../shared/domain/flexibility/offers.js';
import { minuteMs } from '../../../shared/domain/ticks.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { World } from '../../../shared/scenario/schema.js';
import { aboveZero, fromZero, numberIn } from '../dispatch/options.js';
import { newestOf } from '../facts.js';
import { inferenceOfDryRun, type CampusPower } from './dryInference.js';
import { printJson, printTable, round } from '../output.js';
import { withBus } from '../session.js';

export interface DryRunOptions {
  readonly mw?: string;
  readonly minutes?: string;
  readonly ramp?: string;
  readonly json?: boolean;
}

/** What a reduction would do; nothing is asked of anybody. */
export interface DryRun {
  readonly campus: string;
  readonly wantedMw: number;
  readonly freedMw: number;
  readonly minutes: number;
  readonly acceleratorHoursAtRisk: number;
  readonly measures: readonly {
    readonly run: string;
    readonly measure: 'cap' | 'pause';
    readonly capRatio: number;
    readonly reductionMw: number;
  }[];
  readonly alternatives: readonly Alternative[];
}

type Progress = FactDataOf['cluster.progress.v1']['runs'][number];

/** Shows how a campus would meet a reduction from now on, with the ways that were rejected and why. */
export async function showDryRun(campus: string, options: DryRunOptions): Promise<void> {
  const wantedMw = numberIn('--mw', options.mw ?? '', aboveZero);
  const minutes = numberIn('--minutes', options.minutes ?? '60', aboveZero);
  const rampMinutes = numberIn('--ramp', options.ramp ?? '15', fromZero);
  const dry = await withBus(async (bus) => {
    const facts = await newestOf(bus, 'cluster.progress.v1');
    const nowMs = Math.max(0, ...facts.map(({ timeMs }) => timeMs));
    const progress = facts.flatMap(({ data }) => data.runs);
    const powers = (await newestOf(bus, 'cluster.power.v1')).flatMap(({ data }) => data.campuses);
    const power = powers.find((one) => one.campus === campus);
    return dryRun(await loadWorld(bus), progress, { campus, nowMs, wantedMw, minutes, rampMinutes, power });
  });
  if (options.json === true) return printJson(dry);
  printTable(
    dry.alternatives.map(({ way, freedMw, lostAcceleratorHours, isChosen, reason }) => ({
      way: `${isChosen ? '* ' : '  '}${way}`,
      freedMw: round(freedMw),
      'accelerator-hours at risk': Math.round(lostAcceleratorHours),
      'why not': reason,
    })),
    'no run can give anything',
  );
  const given = dry.alternatives.flatMap(({ way, isChosen }) => (isChosen && way.endsWith('-inference') ? [way.replace('-', ' ')] : []));
  const done = dry.measures.map(({ run, measure, capRatio }) =>
    measure === 'pause' ? `pause ${run}` : `cap ${run} at ${(100 * capRatio).toFixed(0)} %`,
  );
  process.stdout.write(
    `\n${round(dry.freedMw)} of ${round(dry.wantedMw)} MW for ${dry.minutes} minutes: ${[...given, ...done].join(', ') || 'nothing'}\n`,
  );
  process.stdout.write('nothing was asked of anybody; leave out --dry-run to ask\n');
}

/**
 * The reduction of a campus as its cluster would plan it.
 * @throws TWIN_WRONG_INPUT when there is no such campus.
 */
export function dryRun(
  world: World,
  progress: readonly Progress[],
  ask: {
    readonly campus: string;
    readonly nowMs: number;
    readonly wantedMw: number;
    readonly minutes: number;
    readonly rampMinutes: number;
    /** What the campus drew last; absent: nothing is known of its inference. */
    readonly power?: CampusPower | undefined;
  },
): DryRun {
  const { campus, nowMs, wantedMw, minutes, rampMinutes } = ask;
  if (!world.campuses.some(({ id }) => id === campus))
    throw wrongInput(`campus: found ${campus}, allowed: ${world.campuses.map(({ id }) => id).join(', ')}`);
  const floors = world.contracts
    .filter((contract) => contract.campus === campus && contract.tranche === 'cap-and-pause')
    .map(({ capRatio }) => capRatio);
  const inference = inferenceOfDryRun(ask.power, world, wantedMw);
  // Runs are not looked at where inference is enough.
  const givers = inference.freedMw > 0 && inference.freedMw >= wantedMw ? [] : giversOf(world, progress, ask);
  const { plan, alternatives } = chooseReduction(givers, {
    wantedMw: wantedMw - inference.freedMw,
    fromMs: nowMs,
    rampMs: rampMinutes * minuteMs,
    untilMs: nowMs + minutes * minuteMs,
    capFloorRatio: Math.min(1, ...floors),
  });
  return {
    campus,
    wantedMw,
    freedMw: plan.freedMw + inference.freedMw,
    minutes,
    acceleratorHoursAtRisk: alternatives.find(({ isChosen }) => isChosen)?.lostAcceleratorHours ?? 0,
    measures: plan.measures.map(({ candidate, kind, capRatio, levelMw }) => ({
      run: candidate.run.id,
      measure: kind,
      capRatio,
      reductionMw: candidate.levelMw - levelMw,
    })),
    alternatives: [...inference.alternatives, ...(givers.length > 0 || inference.freedMw === 0 ? alternatives : [])],
  };
}

function giversOf(
  world: World,
  progress: readonly Progress[],
  { campus, nowMs }: { readonly campus: string; readonly nowMs: number },
): Giver[] {
  return world.runs.flatMap((run, index): Giver[] => {
    const own = progress.find((entry) => entry.run === run.id && entry.campus === campus);
    if (own === undefined || !givingStates.includes(own.state)) return [];
    // Steps since the checkpoint tell its age.
    const ageMs = (own.completedSteps - own.checkpointedSteps) * run.stepSeconds * 1_000;
    return [{ index, run, levelMw: own.powerMw, checkpointAtMs: nowMs - ageMs }];
  });
}
