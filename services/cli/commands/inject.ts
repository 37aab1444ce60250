import type { Command } from 'commander';
import { auditActions, type AuditAction } from '../../../shared/events/control.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { decimalPattern } from '../../../shared/scenario/csv.js';
import { submit } from '../intent.js';
import { printJson } from '../output.js';
import { withBus } from '../session.js';

interface InjectOptions {
  readonly mw?: string;
  readonly seconds?: string;
  readonly to?: string;
  readonly days?: string;
  readonly reason: string;
  readonly json?: boolean;
}

function actionOf(text: string): AuditAction {
  const action = auditActions.find((known) => known === text);
  if (action === undefined) throw wrongInput(`inject: found action ${JSON.stringify(text)}, allowed: ${auditActions.join(', ')}`);
  return action;
}

function secondsIn(text: string): readonly number[] {
  return text.split(',').map((part) => {
    if (!decimalPattern.test(part.trim()))
      throw wrongInput(`--seconds: found ${JSON.stringify(text)}, allowed: numbers from 0, as in 0,15,40`);
    return Number(part);
  });
}

export function register(program: Command): void {
  program
    .command('inject <action> <target>')
    .description(`Drills, recorded as external input: ${auditActions.join(', ')}.`)
    .option('--mw <mw>', 'reduction for curtail-campus, MW')
    .option('--seconds <s,s>', 'instants of dips for dip-campus, s after the start of the tick they take effect in')
    .option('--to <campus>', 'destination for move-run')
    .option('--days <n>', 'by how much, for slip-equipment')
    .option('--reason <text>', 'why, for the record', 'drill')
    .option('--json', 'print the answer as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx loadstone inject trip-unit central-cc-3 --reason "drill"\n  $ npx loadstone inject dip-campus riverbend --seconds 0,15,40',
    )
    .action(async (action: string, target: string, options: InjectOptions) => {
      const amountMw = options.mw === undefined ? undefined : Number(options.mw);
      if (amountMw !== undefined && !(amountMw >= 0)) throw wrongInput(`--mw: found ${options.mw}, allowed: MW from 0`);
      const days = options.days === undefined ? undefined : Number(options.days);
      if (days !== undefined && !(days > 0)) throw wrongInput(`--days: found ${options.days}, allowed: days above 0`);
      const intent = {
        action: actionOf(action),
        target,
        reason: options.reason,
        ...(amountMw === undefined ? {} : { amountMw }),
        ...(options.seconds === undefined ? {} : { atSeconds: secondsIn(options.seconds) }),
        ...(days === undefined ? {} : { days }),
        ...(options.to === undefined ? {} : { destination: options.to }),
      };
      const answer = await withBus((bus) => submit(bus, intent));
      if (options.json === true) printJson({ ...intent, ...answer });
      else process.stdout.write(`${action} ${target}: recorded in tick ${answer.tick}, takes effect in the next one\n`);
    });
}
