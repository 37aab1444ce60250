import { chooseReduction } from '../../../shared/domain/cluster/alternatives.js';
import { splitReduction } from '../../../shared/domain/fleet/spread.js';
import { fleetOf } from '../../../shared/domain/fleet/standing.js';
import { hourMs, minuteMs } from '../../../shared/domain/ticks.js';
import { aboveZero, numberIn } from '../dispatch/options.js';
import { printJson, printTable, round } from '../output.js';
import type { FleetAnswer } from './moveAnswer.js';
import { askedWorld, type Asked, type WorldOptions } from './standing.js';

/** The word in place of a campus that asks all of them. */
export const wholeFleet = 'fleet';

export interface FleetOptions extends WorldOptions {
  readonly mw?: string;
  readonly minutes?: string;
  readonly beyondContracts?: string;
  readonly json?: boolean;
}

const floor = { is: (value: number) => value > 0 && value <= 1, words: 'a lowest cap above 0 to 1' };

/** Shows how a reduction asked of all campuses would be split. */
export async function showFleetDryRun(options: FleetOptions): Promise<void> {
  const wantedMw = numberIn('--mw', options.mw ?? '', aboveZero);
  const minutes = numberIn('--minutes', options.minutes ?? '60', aboveZero);
  const floorRatio = options.beyondContracts === undefined ? null : numberIn('--beyond-contracts', options.beyondContracts, floor);
  const answer = fleetDryRun(await askedWorld(options), { wantedMw, minutes, floorRatio });
  if (options.json === true) printJson(answer);
  else show(answer);
}

/** How a reduction asked of all campuses of a world would be split, with what each would plan by itself beside it. */
export function fleetDryRun(
  { world, standing, at }: Asked,
  ask: { readonly wantedMw: number; readonly minutes: number; readonly floorRatio: number | null },
): FleetAnswer {
  const { wantedMw, minutes, floorRatio } = ask;
  const fleet = fleetOf(world, standing, floorRatio === null ? null : { capFloorRatio: floorRatio });
  const split = splitReduction(fleet, { wantedMw, hours: (minutes * minuteMs) / hourMs });
  const alone = split.campuses.map(({ reductionMw }, place) => {
    const givers = (fleet[place]?.runs ?? []).flatMap(({ run, levelMw }, index) => {
      const whole = world.runs.find(({ id }) => id === run.id);
      return whole === undefined ? [] : [{ index, run: whole, levelMw, checkpointAtMs: standing.atMs }];
    });
    const { plan, alternatives } = chooseReduction(givers, {
      wantedMw: reductionMw,
      fromMs: standing.atMs,
      rampMs: 0,
      untilMs: standing.atMs + minutes * minuteMs,
      capFloorRatio: fleet[place]?.capFloorRatio ?? 1,
    });
    return { freedMw: plan.freedMw, lostAcceleratorHours: alternatives.find(({ isChosen }) => isChosen)?.lostAcceleratorHours ?? 0 };
  });
  return {
    at,
    wantedMw,
    minutes,
    reachedMw: split.campuses.reduce((sum, { reductionMw }) => sum + reductionMw, 0),
    residualMw: split.residualMw,
    lostAcceleratorHours: split.lostAcceleratorHours,
    weightedHours: split.weightedHours,
    touchedPriority: split.touchedPriority,
    gapRatio: split.gapRatio,
    campuses: split.campuses.map((campus, place) => ({
      ...campus,
      boundMw: Number.isFinite(campus.boundMw) ? campus.boundMw : null,
      lostAcceleratorHours: split.measures
        .filter((measure) => measure.campus === campus.campus)
        .reduce((sum, { lostAcceleratorHours }) => sum + lostAcceleratorHours, 0),
      alone: alone[place] ?? { freedMw: 0, lostAcceleratorHours: 0 },
    })),
    measures: [...split.measures],
  };
}

function show(answer: FleetAnswer): void {
  printTable(
    answer.campuses.map(({ campus, boundMw, reductionMw, freedMw, lostAcceleratorHours, alone }) => ({
      campus,
      'may be asked MW': boundMw === null ? null : round(boundMw),
      'asked MW': round(reductionMw),
      'freed MW': round(freedMw),
      'accelerator-hours at risk': Math.round(lostAcceleratorHours),
      'as its cluster plans': Math.round(alone.lostAcceleratorHours),
    })),
    'no campus',
  );
  process.stdout.write('\n');
  printTable(
    answer.measures.map(({ campus, run, priority, measure, capRatio, freedMw, lostAcceleratorHours }) => ({
      campus,
      run,
      priority,
      measure: measure === 'pause' ? 'pause' : `cap at ${(100 * capRatio).toFixed(0)} %`,
      'freed MW': round(freedMw),
      'accelerator-hours at risk': Math.round(lostAcceleratorHours),
    })),
    'nothing is done to any run',
  );
  const missing = answer.residualMw > 0 ? `; ${round(answer.residualMw)} MW are not to be had` : '';
  process.stdout.write(
    `\n${round(answer.reachedMw)} of ${round(answer.wantedMw)} MW for ${answer.minutes} minutes, ${answer.at}${missing}; ` +
      `${Math.round(answer.lostAcceleratorHours)} accelerator-hours at risk, at most ${(100 * answer.gapRatio).toPrecision(1)} % from the least\n` +
      'nothing was asked of anybody\n',
  );
}
