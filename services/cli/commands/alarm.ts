import type { Command } from 'commander';
import type { ClockStatus } from '../../../shared/bus/answers.js';
import { ask } from '../../../shared/bus/request.js';
import { alarmHealth, asksForSomebody, seeAlarm, type AlarmFact, type AlarmSeen } from '../../../shared/domain/alarm/seen.js';
import type { Fact } from '../../../shared/domain/fact.js';
import { fromWire, minuteMs, toWire } from '../../../shared/domain/ticks.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { aboveZero, numberIn } from '../dispatch/options.js';
import { recordOf } from '../facts.js';
import { submit, type Intent } from '../intent.js';
import { printJson, printTable, shortTime } from '../output.js';
import { withBus } from '../session.js';

const alarmTypes = [
  'alarm.raised.v1',
  'alarm.acknowledged.v1',
  'alarm.cleared.v1',
  'alarm.shelved.v1',
  'alarm.service.v1',
  'alarm.flood.v1',
] as const;

const shapes = { critical: '■', high: '▲', medium: '◆', low: '●' } as const;
const states = {
  active: 'unacknowledged',
  acknowledged: 'acknowledged',
  returned: 'returned-unacknowledged',
  cleared: 'normal',
} as const;

interface AlarmRow {
  readonly alarm: string;
  readonly severity: string;
  readonly state: string;
  readonly raised: string;
  /** Alarms that follow from it. */
  readonly group: number;
  readonly cause: string;
  readonly summary: string;
  readonly action: string;
}

/** The alarms that facts leave, worst and newest first; those that ask for nobody only when asked for. */
export function alarmRows(facts: readonly Fact[], withAll: boolean): readonly AlarmRow[] {
  const seen = new Map<string, AlarmSeen>();
  for (const fact of facts as readonly AlarmFact[]) {
    const now = seeAlarm(seen.get(fact.entity), fact);
    if (now !== undefined) seen.set(fact.entity, now);
  }
  const rank = (severity: AlarmSeen['severity']): number => Object.keys(shapes).indexOf(severity);
  const standing = [...seen].filter(([, alarm]) => withAll || asksForSomebody(alarm));
  return standing
    .sort(([, a], [, b]) => rank(a.severity) - rank(b.severity) || b.raisedMs - a.raisedMs)
    .map(([alarm, own]) => ({
      alarm,
      severity: `${shapes[own.severity]} ${own.severity}`,
      state: own.isOutOfService
        ? 'out-of-service'
        : own.shelvedUntilMs !== null
          ? `shelved until ${shortTime(own.shelvedUntilMs)}`
          : states[own.status],
      raised: shortTime(own.raisedMs),
      group: [...seen.values()].filter((other) => other.cause === alarm && other.status !== 'cleared').length,
      cause: own.cause ?? '',
      summary: own.summary,
      action: own.action,
    }));
}

async function send(intent: Intent, done: string): Promise<void> {
  const answer = await withBus((bus) => submit(bus, intent));
  process.stdout.write(`${intent.target}: ${done} in tick ${answer.tick}\n`);
}

interface ShelveFlags {
  readonly until?: string;
  readonly minutes?: string;
  readonly reason: string;
}

async function shelve(target: string, { until, minutes, reason }: ShelveFlags): Promise<void> {
  if ((until === undefined) === (minutes === undefined))
    throw wrongInput('alarm shelve: found no end or two, allowed: either --until or --minutes');
  const untilMs =
    until === undefined
      ? fromWire((await withBus((bus) => ask<ClockStatus>(bus, 'clock', 'status', {}))).twinTime) +
        numberIn('--minutes', minutes ?? '', aboveZero) * minuteMs
      : fromWire(until);
  if (!Number.isFinite(untilMs)) throw wrongInput(`--until: found ${until ?? ''}, allowed: an RFC 3339 instant of twin time`);
  await send({ action: 'shelve-alarm', target, reason, untilTime: toWire(untilMs) }, `shelved until ${toWire(untilMs)}`);
}

async function health(options: { readonly json?: boolean }): Promise<void> {
  const { facts, now } = await withBus(async (bus) => ({
    facts: await recordOf(bus, alarmTypes),
    now: await ask<ClockStatus>(bus, 'clock', 'status', {}),
  }));
  const rows = alarmHealth(facts as readonly AlarmFact[], fromWire(now.twinTime));
  if (options.json === true) printJson(rows);
  else
    printTable(
      rows.map(({ signs, standsHours, ...row }) => ({ ...row, standsHours: Math.round(standsHours * 10) / 10, signs: signs.join(', ') })),
      'no alarm was ever raised',
    );
}

/** `alarm`: what needs an operator, what operators have done about it, and how good the alarms are. */
export function register(program: Command): void {
  const alarm = program.command('alarm').description('Alarms: what needs an operator, and what to do about it.');
  alarm
    .command('list')
    .description('alarms that ask for somebody, worst and newest first, each with how many follow from it')
    .option('--all', 'those that are shelved, out of service or normal too')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone alarm list')
    .action(async (options: { readonly all?: boolean; readonly json?: boolean }) => {
      const rows = alarmRows(await withBus((bus) => recordOf(bus, alarmTypes)), options.all === true);
      if (options.json === true) printJson(rows);
      else
        printTable(
          rows.map((row) => ({ ...row })),
          'no alarm stands',
        );
    });
  alarm
    .command('ack <alarm>')
    .description('take note of an alarm; it stands until its reason is gone')
    .option('--reason <text>', 'why, for the record', 'seen')
    .addHelpText('after', '\nExample:\n  $ npx loadstone alarm ack reserve-system')
    .action((target: string, { reason }: { readonly reason: string }) =>
      send({ action: 'acknowledge-alarm', target, reason }, 'acknowledged'),
    );
  alarm
    .command('shelve <alarm>')
    .description('put an alarm aside; it comes back by itself')
    .option('--until <time>', 'until this instant of twin time')
    .option('--minutes <n>', 'for so many minutes of twin time')
    .requiredOption('--reason <text>', 'why')
    .addHelpText('after', '\nExample:\n  $ npx loadstone alarm shelve reserve-system --minutes 60 --reason "unit is being tested"')
    .action(shelve);
  for (const [verb, action, description, done] of [
    ['unshelve', 'unshelve-alarm', 'take an alarm back that was put aside', 'is back'],
    ['out', 'out-of-service-alarm', 'take an alarm out of service until it is put back', 'is out of service'],
    ['in', 'in-service-alarm', 'put an alarm back into service', 'is in service'],
  ] as const) {
    alarm
      .command(`${verb} <alarm>`)
      .description(description)
      .option('--reason <text>', 'why', 'as agreed')
      .addHelpText('after', `\nExample:\n  $ npx loadstone alarm ${verb} reserve-system --reason "meter is being replaced"`)
      .action((target: string, { reason }: { readonly reason: string }) => send({ action, target, reason }, done));
  }
  alarm
    .command('health')
    .description('bad actors (10 times in a week), chattering ones (3 times in an hour) and stale ones (a day), by twin time')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone alarm health')
    .action(health);
}
