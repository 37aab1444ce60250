import type { Command } from 'commander';
import type { Fact } from '../../../shared/domain/fact.js';
import { recordOf } from '../facts.js';
import { submit } from '../intent.js';
import { printJson, printTable, shortTime } from '../output.js';
import { withBus } from '../session.js';

interface AlarmRow {
  readonly alarm: string;
  readonly severity: string;
  readonly state: 'unacknowledged' | 'acknowledged' | 'cleared';
  readonly raised: string;
  readonly summary: string;
  readonly action: string;
}

/** The alarms that the facts leave, newest state of each; cleared ones only when asked for. */
export function alarmRows(facts: readonly Fact[], withCleared: boolean): readonly AlarmRow[] {
  const rows = new Map<string, AlarmRow>();
  for (const fact of facts) {
    const row = rows.get(fact.entity);
    if (fact.type === 'alarm.raised.v1') {
      const { severity, summary, action } = fact.data;
      rows.set(fact.entity, { alarm: fact.entity, severity, state: 'unacknowledged', raised: shortTime(fact.timeMs), summary, action });
    } else if (row !== undefined && fact.type === 'alarm.acknowledged.v1') rows.set(fact.entity, { ...row, state: 'acknowledged' });
    else if (row !== undefined && fact.type === 'alarm.cleared.v1') rows.set(fact.entity, { ...row, state: 'cleared' });
  }
  return [...rows.values()].filter((row) => withCleared || row.state !== 'cleared');
}

export function register(program: Command): void {
  const alarm = program.command('alarm').description('Alarms: what needs an operator, and what to do about it.');
  alarm
    .command('list')
    .description('alarms that stand')
    .option('--all', 'cleared ones too')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone alarm list')
    .action(async (options: { readonly all?: boolean; readonly json?: boolean }) => {
      const facts = await withBus((bus) => recordOf(bus, ['alarm.raised.v1', 'alarm.acknowledged.v1', 'alarm.cleared.v1']));
      const rows = alarmRows(facts, options.all === true);
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
    .action(async (target: string, options: { readonly reason: string }) => {
      const answer = await withBus((bus) => submit(bus, { action: 'acknowledge-alarm', target, reason: options.reason }));
      process.stdout.write(`${target}: acknowledged in tick ${answer.tick}\n`);
    });
}
