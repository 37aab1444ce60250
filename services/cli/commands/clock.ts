import type { Command } from 'commander';
import type { ClockStatus } from '../../../shared/bus/answers.js';
import { ask } from '../../../shared/bus/request.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { printJson, shortTime } from '../output.js';
import { withBus } from '../session.js';

function show(status: ClockStatus, json: boolean | undefined): void {
  if (json === true) return printJson(status);
  const pace = status.mode === 'max' ? 'as fast as everyone follows' : status.mode === 'paused' ? 'paused' : `${status.rate}x asked`;
  const lines = [
    `${shortTime(status.twinTime)}  tick ${status.tick}  ${status.state}`,
    `pace: ${pace}, ${status.achievedRate}x achieved, ${status.ticksPerSecond} ticks/s`,
    ...(status.holdAtTime === null ? [] : [`pauses by itself at ${shortTime(status.holdAtTime)}`]),
    ...status.holds.map((hold) => `held by ${hold}`),
    ...status.waitingFor.map(({ component, since }) => `waits for ${component} since ${since}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

export function register(program: Command): void {
  const clock = program.command('clock').description('Twin time: see it, pause it, step it, change its pace.');
  const verb = (
    usage: string,
    description: string,
    example: string,
    request: (argument: string | undefined) => readonly [string, object],
  ): void => {
    clock
      .command(usage)
      .description(description)
      .option('--json', 'print the status as JSON')
      .addHelpText('after', `\nExample:\n  $ npx loadstone clock ${example}`)
      .action(async (...given: unknown[]) => {
        const options = given.at(-2) as { readonly json?: boolean };
        const [name, body] = request(typeof given[0] === 'string' ? given[0] : undefined);
        await withBus(async (bus) => show(await ask<ClockStatus>(bus, 'clock', name, body), options.json));
      });
  };
  verb('status', 'where twin time stands and who is waited for', 'status --json', () => ['status', {}]);
  verb('pause', 'stop after the present tick', 'pause', () => ['pause', { reason: 'operator' }]);
  verb('resume', 'go on at the last pace', 'resume', () => ['resume', { reason: 'operator' }]);
  verb('step [ticks]', 'run some ticks in lock-step, then pause', 'step 12', (ticks) => [
    'step',
    { ticks: numberOf('ticks', ticks ?? '1') },
  ]);
  verb('rate <rate>', 'twin seconds per second, or max', 'rate 3600', (rate) => [
    'rate',
    { rate: rate === 'max' ? 'max' : numberOf('rate', rate), reason: 'operator' },
  ]);
  verb('run-until <time>', 'run at full speed to an instant, then pause', 'run-until 2027-07-14T00:00:00Z', (time) => [
    'rununtil',
    { time },
  ]);
  verb('hold', 'stop until released', 'hold', () => ['hold', { by: 'operator', reason: 'asked for on the command line' }]);
  verb('release', 'end a hold', 'release', () => ['release', { by: 'operator' }]);
}

function numberOf(name: string, text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || text.trim() === '' || !Number.isFinite(value))
    throw wrongInput(`${name}: found ${JSON.stringify(text)}, allowed: a number`);
  return value;
}
