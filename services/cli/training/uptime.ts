import type { Command } from 'commander';
import { loadWorld } from '../../../shared/bus/world.js';
import { hourMs, minuteMs, toWire } from '../../../shared/domain/ticks.js';
import { hearUptime, nothingHeard, observedOf, uptimeFacts, type Hearing } from '../../../shared/domain/uptime/hear.js';
import { uptimeClasses, uptimeOf, type UptimeClass } from '../../../shared/domain/uptime/uptime.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { decimalPattern } from '../../../shared/scenario/csv.js';
import { foldFacts } from '../facts.js';
import { printJson, printTable, round, shortTime } from '../output.js';
import { withBus } from '../session.js';
import type { UptimeAnswer } from './uptimeAnswer.js';

interface Options {
  readonly training: string;
  readonly inference: string;
  readonly of?: string;
  readonly json?: boolean;
}

/** Classes by kind of workload, and by name where one has its own. */
export interface ClassesAsked {
  readonly training: UptimeClass;
  readonly inference: UptimeClass;
  readonly own: ReadonlyMap<string, UptimeClass>;
}

/**
 * A class by its name, or as a percentage.
 * @throws TWIN_WRONG_INPUT
 */
export function classIn(option: string, found: string): UptimeClass {
  const named = uptimeClasses.find(({ name }) => name === found);
  if (named !== undefined) return named;
  const percent = decimalPattern.test(found) ? Number(found) : Number.NaN;
  if (!(percent > 0 && percent < 100))
    throw wrongInput(`${option}: found ${found}, allowed: ${uptimeClasses.map(({ name }) => name).join(', ')}, or a percentage below 100`);
  return { name: `${found} %`, availabilityRatio: percent / 100 };
}

/**
 * Classes from the words of the options; `own` as `atlas=98,riverbend=two-nines`.
 * @throws TWIN_WRONG_INPUT
 */
export function classesIn(options: Pick<Options, 'training' | 'inference' | 'of'>): ClassesAsked {
  const own = (options.of ?? '').split(',').filter((pair) => pair !== '');
  return {
    training: classIn('--training', options.training),
    inference: classIn('--inference', options.inference),
    own: new Map(
      own.map((pair): readonly [string, UptimeClass] => {
        const [name, found, ...rest] = pair.split('=');
        if (name === undefined || name === '' || found === undefined || rest.length > 0)
          throw wrongInput(`--of: found ${pair}, allowed: workload=class, with commas between`);
        return [name, classIn('--of', found)];
      }),
    ),
  };
}

/**
 * Uptime of everything that was heard, against its class.
 * @throws TWIN_WRONG_INPUT when a class is given to nothing that was heard.
 */
export function uptimeAnswerOf(hearing: Hearing, classes: ClassesAsked, startMs: number): UptimeAnswer {
  const heard = [...hearing.watched.values()].sort((a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name));
  for (const name of classes.own.keys())
    if (!heard.some((one) => one.name === name))
      throw wrongInput(`--of: found ${name}, allowed: ${heard.map((one) => one.name).join(', ') || 'nothing was heard yet'}`);
  return {
    startTime: toWire(startMs),
    workloads: heard.map((one) => {
      const uptimeClass = classes.own.get(one.name) ?? classes[one.kind];
      return {
        name: one.name,
        kind: one.kind,
        campus: one.campus,
        fromTime: toWire(one.fromMs),
        toTime: toWire(one.toMs),
        uptimeClass: uptimeClass.name,
        ...uptimeOf(observedOf(one), uptimeClass),
      };
    }),
    evidence: 'assumed',
  };
}

async function uptime(options: Options): Promise<void> {
  const classes = classesIn(options);
  const answer = await withBus(async (bus) => {
    const world = await loadWorld(bus);
    const tickMs = world.clock.tickMinutes * minuteMs;
    const hearing = await foldFacts(bus, {
      types: uptimeFacts,
      from: nothingHeard,
      hear: (before, fact) => hearUptime(before, fact, tickMs),
    });
    return uptimeAnswerOf(hearing, classes, Date.parse(world.clock.startTime));
  });
  if (options.json === true) printJson(answer);
  else show(answer);
}

function percentText(ratio: number): string {
  return `${Number((100 * ratio).toPrecision(3))} %`;
}

function lengthText(seconds: number): string {
  const [minutes, hours, years] = [seconds / 60, seconds / 3_600, seconds / (365.25 * 86_400)];
  if (years >= 1) return `${round(years)} years`;
  if (hours >= 1) return `${round(hours)} h`;
  return minutes >= 1 ? `${round(minutes)} min` : `${round(seconds)} s`;
}

/** Prints uptime for people. */
export function show({ startTime, workloads }: UptimeAnswer): void {
  printTable(
    workloads.map((one) => ({
      workload: one.name,
      kind: one.kind,
      class: one.uptimeClass,
      observed: lengthText(one.observedSeconds),
      interruptions: one.interruptions,
      'lost s': round(one.lostSeconds),
      'longest s': round(one.longestSeconds),
      'capped s': round(one.cappedSeconds),
      worked: `${(100 * one.availabilityRatio).toFixed(3)} %`,
      'lost in the long run, 95 %': `${percentText(one.lostRatioLow)} to ${percentText(one.lostRatioHigh)}`,
      allowed: percentText(one.allowedRatio),
      verdict: one.verdict,
    })),
    'nothing has been heard of any workload yet',
  );
  const from = workloads.reduce((earliest, one) => Math.min(earliest, Date.parse(one.fromTime)), Number.POSITIVE_INFINITY);
  if (from > Date.parse(startTime) + hourMs)
    process.stdout.write(
      `\nobserved from ${shortTime(from)}: the stream no longer holds what was before, from ${shortTime(startTime)} on\n`,
    );
  const unlost = workloads.filter(({ interruptions, verdict }) => interruptions === 0 && verdict === 'cannot be shown');
  for (const { uptimeClass, secondsToShow } of uniqueBy(unlost))
    process.stdout.write(
      `\n${uptimeClass} needs ${lengthText(secondsToShow)} without a single lost second to be shown (3/N, N seconds observed)\n`,
    );
}

function uniqueBy(workloads: UptimeAnswer['workloads']): UptimeAnswer['workloads'] {
  return workloads.filter((one, place) => workloads.findIndex((other) => other.uptimeClass === one.uptimeClass) === place);
}

/** Adds `training uptime`: what each workload of the running twin lost, and whether its class is kept. */
export function registerUptime(training: Command): void {
  training
    .command('uptime')
    .description('time each run and the inference of each campus lost or ran capped, and whether its uptime class is kept')
    .option('--training <class>', `of runs: ${uptimeClasses.map(({ name }) => name).join(', ')}, or a percentage`, 'training')
    .option('--inference <class>', 'of the inference of campuses', 'eight-nines')
    .option('--of <workload=class,...>', 'of single runs and campuses')
    .option('--json', 'as JSON; its schema: npx loadstone schema training-uptime')
    .addHelpText('after', '\nExample:\n  $ npx loadstone training uptime --training 98 --of riverbend=five-nines')
    .action(uptime);
}
