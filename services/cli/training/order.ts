import type { Command } from 'commander';
import { ask } from '../../../shared/bus/request.js';
import type { Bus } from '../../../shared/bus/connect.js';
import type { ClockStatus } from '../../../shared/bus/answers.js';
import { fromWire, minuteMs, toWire } from '../../../shared/domain/ticks.js';
import type { AuditAction } from '../../../shared/events/control.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { aboveZero, fromZero, numberIn } from '../dispatch/options.js';
import { newestOf } from '../facts.js';
import { submit, type Intent } from '../intent.js';
import { printJson, round, shortTime } from '../output.js';
import { withBus } from '../session.js';

/** What a person can say of a load target. */
export interface OrderOptions {
  readonly mw?: string;
  readonly limit?: string;
  readonly from?: string;
  readonly until?: string;
  readonly minutes?: string;
  readonly ramp?: string;
  readonly bestEffort?: boolean;
  readonly id?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** How a campus answered what was asked of it. */
interface CampusAnswer {
  readonly campus: string;
  readonly epoch: number;
  readonly reductionMw: number;
  readonly result: string;
  readonly promisedMw: number;
  readonly setPointMw: number;
  readonly residualMw: number;
  readonly backupMw?: number;
  readonly fromTime: string;
  readonly untilTime: string | null;
  readonly reason: string;
}

/** Options of a load target, for the commands that ask for one. */
export function addOrderOptions(command: Command): Command {
  return command
    .option('--mw <mw>', 'reduction below what it would draw, MW')
    .option('--limit <mw>', 'power it stays below, MW, in place of --mw')
    .option('--from <time>', 'from when, RFC 3339 in UTC; default at once')
    .option('--until <time>', 'until when; default the longest event of its contracts')
    .option('--minutes <n>', 'length of the event, in place of --until; with --dry-run 60 when left out')
    .option('--ramp <minutes>', 'time to reach it; default that of its contracts, with --dry-run 15')
    .option('--best-effort', 'what can be given is enough, and less is no breach')
    .option('--id <id>', 'name of this load target, for extend and release');
}

/** Asks a campus, or the fleet, for a load target, and shows how it was answered. */
export async function orderLoadTarget(target: string, options: OrderOptions): Promise<void> {
  await withBus(async (bus) => {
    const action: AuditAction = target === 'fleet' ? 'curtail-fleet' : 'curtail-campus';
    await carryOut(bus, { action, target, reason: options.reason ?? 'operator', ...(await targetFields(bus, options)) }, options);
  });
}

/** Gives a load target another end. */
export async function extendLoadTarget(target: string, options: OrderOptions): Promise<void> {
  if (options.id === undefined || options.until === undefined)
    throw wrongInput('training extend: found no --id or no --until, allowed: both, the load target and its new end');
  const intent: Intent = {
    action: 'extend-campus',
    target,
    reason: options.reason ?? 'operator',
    request: options.id,
    untilTime: instantIn('--until', options.until),
  };
  await withBus((bus) => carryOut(bus, intent, options));
}

/** Releases a campus, or the fleet, from one load target or from all. */
export async function releaseLoadTarget(target: string, options: OrderOptions): Promise<void> {
  const action: AuditAction = target === 'fleet' ? 'release-fleet' : 'release-campus';
  const request = options.id === undefined ? {} : { request: options.id };
  await withBus((bus) => carryOut(bus, { action, target, reason: options.reason ?? 'operator', ...request }, options));
}

async function carryOut(bus: Bus, intent: Intent, options: OrderOptions): Promise<void> {
  const recorded = await submit(bus, intent);
  const answers = await answersOf(bus, intent.target);
  if (options.json === true) return printJson({ ...intent, ...recorded, answers });
  process.stdout.write(`${intent.action} ${intent.target}: recorded in tick ${recorded.tick}\n`);
  for (const answer of answers) process.stdout.write(`${answerLine(answer)}\n`);
}

function answerLine({
  campus,
  result,
  reductionMw,
  promisedMw,
  setPointMw,
  residualMw,
  backupMw = 0,
  fromTime,
  untilTime,
  reason,
}: CampusAnswer): string {
  if (reductionMw === 0) return `${campus}: nothing is asked of it; runs come back by their ramp`;
  const until = untilTime === null ? '' : ` to ${shortTime(untilTime)}`;
  const missing = residualMw > 0 ? `; ${round(residualMw)} MW are missing: ${reason}` : '';
  const given = `${round(promisedMw)} of ${round(reductionMw)} MW from ${shortTime(fromTime)}${until}`;
  const carried = backupMw > 0 ? `; battery and generators carry ${round(backupMw)} MW of it` : '';
  return `${campus}: ${result}, ${given}, goes to ${round(setPointMw)} MW${carried}${missing}`;
}

/** What stands of each campus meant, with its newest answer; a load target that begins later is not in it yet. */
async function answersOf(bus: Bus, target: string): Promise<readonly CampusAnswer[]> {
  const targets = (await newestOf(bus, 'control.loadtarget.v1')).flatMap(({ data }) => data.targets);
  const outcomes = await newestOf(bus, 'control.outcome.v1');
  return targets
    .filter(({ campus }) => target === 'fleet' || campus === target)
    .map(({ campus, epoch, reductionMw, fromTime, untilTime }) => {
      const outcome = outcomes.find(({ entity, data }) => entity === campus && data.order === `loadtarget/${epoch}`)?.data;
      return {
        campus,
        epoch,
        reductionMw,
        result: outcome?.result ?? 'not answered yet',
        promisedMw: outcome?.reductionMw ?? 0,
        setPointMw: outcome?.setPointMw ?? 0,
        residualMw: outcome?.residualMw ?? 0,
        ...(outcome?.backupMw === undefined ? {} : { backupMw: outcome.backupMw }),
        fromTime,
        untilTime,
        reason: outcome?.reason ?? '',
      };
    });
}

async function targetFields(bus: Bus, options: OrderOptions): Promise<Partial<Intent>> {
  const { mw, limit, from, until, minutes, ramp, bestEffort, id } = options;
  if ((mw === undefined) === (limit === undefined))
    throw wrongInput(`--mw, --limit: found ${mw === undefined ? 'neither' : 'both'}, allowed: one of them, MW`);
  if (until !== undefined && minutes !== undefined) throw wrongInput('--until, --minutes: found both, allowed: one of them');
  const fromTime = from === undefined ? undefined : instantIn('--from', from);
  const untilTime = until === undefined ? await endAfter(bus, fromTime, minutes) : instantIn('--until', until);
  return {
    amountMw: limit === undefined ? numberIn('--mw', mw ?? '', aboveZero) : numberIn('--limit', limit, fromZero),
    ...(limit === undefined ? {} : { targetKind: 'limit' as const }),
    ...(fromTime === undefined ? {} : { fromTime }),
    ...(untilTime === undefined ? {} : { untilTime }),
    ...(ramp === undefined ? {} : { rampMinutes: numberIn('--ramp', ramp, fromZero) }),
    ...(bestEffort === true ? { isBestEffort: true } : {}),
    ...(id === undefined ? {} : { request: id }),
  };
}

async function endAfter(bus: Bus, fromTime: string | undefined, minutes: string | undefined): Promise<string | undefined> {
  if (minutes === undefined) return undefined;
  const startTime = fromTime ?? (await ask<ClockStatus>(bus, 'clock', 'status')).twinTime;
  return toWire(fromWire(startTime) + numberIn('--minutes', minutes, aboveZero) * minuteMs);
}

function instantIn(option: string, text: string): string {
  const timeMs = fromWire(text);
  if (Number.isFinite(timeMs) && /^\d{4}-\d{2}-\d{2}T/.test(text)) return toWire(timeMs);
  throw wrongInput(`${option}: found ${JSON.stringify(text)}, allowed: an RFC 3339 instant such as 2027-07-13T23:45:00Z`);
}
