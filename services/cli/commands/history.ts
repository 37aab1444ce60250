import type { Command } from 'commander';
import type { Bus } from '../../../shared/bus/connect.js';
import { connectInflux, type InfluxTarget } from '../../../shared/history/influx.js';
import { queries } from '../../../shared/history/queries.js';
import { history, instantOf, queryNamed, stepOf, type HistoryRow, type QueryRange } from '../../../shared/history/query.js';
import { rebuildHistory, type Rebuilt } from '../../../shared/history/rebuild.js';
import { positionOf, waitForHistorian } from '../../../shared/history/stream.js';
import { verifyHistory, type Difference, type Verification } from '../../../shared/history/verify.js';
import { loadConfig } from '../../../shared/runtime/config.js';
import { TwinError, wrongInput } from '../../../shared/runtime/errors.js';
import { printJson, printTable } from '../output.js';
import { withBus } from '../session.js';

/** Longest wait for the historian before a query answers without the newest facts, wall ms. */
const queryWaitMs = 15_000;

interface QueryOptions {
  readonly from?: string;
  readonly to?: string;
  readonly region?: string;
  readonly every?: string;
  readonly json?: boolean;
}

/** Where history is, as one of its users. @throws TWIN_HISTORY_UNAVAILABLE when this twin runs without InfluxDB. */
function targetOf(user: 'cli' | 'history-writer'): InfluxTarget {
  const { influx } = loadConfig(user);
  if (influx === null)
    throw new TwinError('TWIN_HISTORY_UNAVAILABLE', 'history is off: this twin runs without InfluxDB; see `npx loadstone doctor`');
  return influx;
}

function rangeOf(options: QueryOptions): QueryRange {
  const range = {
    ...(options.from === undefined ? {} : { fromMs: instantOf('--from', options.from) }),
    ...(options.to === undefined ? {} : { toMs: instantOf('--to', options.to) }),
    ...(options.region === undefined ? {} : { region: options.region }),
    ...(options.every === undefined ? {} : { stepMs: stepOf(options.every) }),
  };
  if (range.fromMs !== undefined && range.toMs !== undefined && range.toMs <= range.fromMs) {
    throw wrongInput(`--to: found ${options.to}, allowed: an instant after --from ${options.from}`);
  }
  return range;
}

async function query(name: string, options: QueryOptions): Promise<void> {
  const wanted = queryNamed(name);
  const range = rangeOf(options);
  const reader = connectInflux(targetOf('cli'));
  await withBus(catchUp);
  const rows = await history(reader, wanted, range);
  if (options.json === true) printJson(rows);
  else printTable(rows.map(readable), 'history has no such points in this range');
}

async function catchUp(bus: Bus): Promise<void> {
  const { lastSequence } = await positionOf(bus);
  const { writtenSequence } = await waitForHistorian(bus, lastSequence, queryWaitMs);
  if (writtenSequence < lastSequence)
    process.stderr.write(`history is ${lastSequence - writtenSequence} facts behind the stream; the newest are missing below\n`);
}

function readable(row: HistoryRow): Record<string, string | number | null> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value === 'number') return [name, Math.round(value * 1_000) / 1_000];
      return [name, value === null || typeof value === 'string' ? value : JSON.stringify(value)];
    }),
  );
}

async function verify(options: { readonly wait: string; readonly json?: boolean }): Promise<void> {
  const seconds = Number(options.wait);
  if (!Number.isFinite(seconds) || seconds < 0) throw wrongInput(`--wait: found ${JSON.stringify(options.wait)}, allowed: seconds from 0`);
  const reader = connectInflux(targetOf('cli'));
  const found = await withBus((bus) => verifyHistory(bus, reader, seconds * 1_000));
  if (options.json === true) printJson(found);
  else printVerification(found);
  if (!found.isSame) process.exitCode = 1;
}

function printVerification(found: Verification): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  for (const difference of found.differences) say(differenceLine(difference));
  if (found.daysNotDetailed > 0) say(`${found.daysNotDetailed} more days of a measurement differ`);
  if (!found.isWhole) say('the stream has dropped its oldest facts: history older than it cannot be compared');
  if (found.notYetWritten > 0) say(`${found.notYetWritten} facts are not written yet and were left out`);
  say(`${found.isSame ? 'equal' : 'different'}: ${found.facts} facts, ${found.points} points, through sequence ${found.throughSequence}`);
}

function differenceLine({ kind, series, time, stream, influx }: Difference): string {
  const sides =
    kind === 'altered' ? `  stream ${JSON.stringify(stream)}  influx ${JSON.stringify(influx)}` : `  ${JSON.stringify(stream ?? influx)}`;
  return `${kind.padEnd(8)}${time}  ${series}${sides}`;
}

async function rebuild(options: { readonly json?: boolean }): Promise<void> {
  const target = targetOf('history-writer');
  const rebuilt = await withBus((bus) =>
    rebuildHistory(bus, target, (told) => {
      process.stderr.write(
        told.kind === 'away' ? `waits for InfluxDB: ${told.reason}\n` : `written through ${told.sequence} of ${told.lastSequence}\n`,
      );
    }),
  );
  if (options.json === true) printJson(rebuilt);
  else process.stdout.write(`${rebuiltLine(rebuilt)}\n`);
  if (rebuilt.refused > 0) process.exitCode = 1;
}

function rebuiltLine(rebuilt: Rebuilt): string {
  const span = rebuilt.coversFromTime === null ? 'no ticks' : `${rebuilt.coversFromTime} to ${rebuilt.coversToTime}`;
  const refused = rebuilt.refused === 0 ? '' : `; ${rebuilt.refused} points refused: ${rebuilt.refusedReason}`;
  return `rebuilt ${rebuilt.points} points of ${rebuilt.facts} facts, covering ${span}; older history is as it was${refused}`;
}

export function register(program: Command): void {
  const noun = program
    .command('history')
    .description('What was: named queries over everything said so far.')
    .argument('[query]', 'name of a query');
  // Whatever is none of the commands below: the answer lists the names there are.
  noun
    .allowUnknownOption()
    .allowExcessArguments()
    .action((name: string | undefined) => {
      if (name === undefined) noun.help({ error: true });
      else queryNamed(name);
    });
  for (const [name, { kind, summary }] of Object.entries(queries)) {
    const command = noun.command(name).description(summary).option('--from <instant>', 'from this instant on; default: the first point');
    command
      .option('--to <instant>', 'up to but not including this instant; default: after the last point')
      .option('--region <region>', 'only this region');
    if (kind === 'steps') command.option('--every <step>', 'length of a step: 5m, 1h, 1d', '1h');
    command
      .option('--json', 'as JSON')
      .addHelpText('after', `\nExample:\n  $ npx loadstone history ${name} --from 2027-07-13T18:00:00Z --json`);
    command.action((options: QueryOptions) => query(name, options));
  }
  noun
    .command('verify')
    .description('compare history with the stream, point by point where they differ; exit 1 when they do')
    .option('--wait <seconds>', 'longest wait for the historian', '90')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone history verify')
    .action(verify);
  noun
    .command('rebuild')
    .description('write everything the stream still holds into history again; deletes nothing')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone history rebuild')
    .action(rebuild);
}
