import type { Command } from 'commander';
import { currentFacts } from '../../../shared/bus/newest.js';
import { filterOf } from '../../../shared/bus/envelope.js';
import type { FactOf } from '../../../shared/domain/fact.js';
import { largestLoadsMw } from '../../../shared/domain/mirror/largest.js';
import { judged, lookBackMs } from '../../../shared/domain/mirror/reading.js';
import { fromWire, toWire } from '../../../shared/domain/ticks.js';
import { verdicts } from '../../../shared/events/telemetry.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { resolveWorld } from '../../../shared/scenario/load.js';
import { openSource } from '../../../shared/runtime/measuredSource.js';
import { printJson, printTable } from '../output.js';
import { withBus } from '../session.js';

/** A mirrored region as it stands. */
interface StatusRow {
  readonly region: string;
  readonly source: string;
  readonly until: string;
  readonly measuredMw: number | null;
  readonly verdict: string;
  readonly expectedMw: number | null;
  readonly usualErrorMw: number | null;
  readonly gainRatio: number | null;
  readonly biasMw: number | null;
}

async function statusRows(): Promise<readonly StatusRow[]> {
  return withBus(async (bus) => {
    const of = async <Type extends 'telemetry.demand.v1' | 'grid.divergence.v1'>(type: Type): Promise<readonly FactOf<Type>[]> =>
      (await currentFacts(bus, [filterOf(bus.root, { type })])).map(({ fact }) => fact as unknown as FactOf<Type>);
    const [told, diverged] = [await of('telemetry.demand.v1'), await of('grid.divergence.v1')];
    return told
      .map(({ region, data }): StatusRow => {
        const own = diverged.find((other) => other.region === region)?.data;
        const { source, toTime: until, demandMw: measuredMw, verdict } = data;
        const { expectedMw = null, usualErrorMw = null, gainRatio = null, biasMw = null } = own ?? {};
        return { region, source, until, measuredMw, verdict, expectedMw, usualErrorMw, gainRatio, biasMw };
      })
      .sort((a, b) => (a.region < b.region ? -1 : 1));
  });
}

/** What a source would give. */
interface CheckRow {
  readonly region: string;
  readonly source: string;
  readonly readings: number;
  readonly from: string;
  readonly until: string;
  readonly unusable: string;
  readonly trouble: string;
}

async function checkRows(scenario: string): Promise<readonly CheckRow[]> {
  const { world } = await resolveWorld({ scenario });
  if (world.mirror === undefined) throw wrongInput(`${scenario}: mirror: found nothing, allowed: a list of sources, docs/mirror.md`);
  const largestMw = largestLoadsMw(world);
  const rows: CheckRow[] = [];
  for (const declared of world.mirror) {
    const source = openSource(declared, fromWire(world.clock.startTime) - lookBackMs);
    await source.looked;
    source.stop();
    const readings = source.readings();
    const found = readings.map(({ rawText }) => judged(rawText, largestMw.get(source.region) ?? 0).verdict);
    const unusable = verdicts.flatMap((verdict) => {
      const count = found.filter((own) => own === verdict).length;
      return verdict === 'usable' || count === 0 ? [] : [`${count} ${verdict}`];
    });
    const [first, last] = [Math.min(...readings.map(({ fromMs }) => fromMs)), Math.max(...readings.map(({ toMs }) => toMs))];
    rows.push({
      region: source.region,
      source: source.name,
      readings: readings.length,
      from: readings.length === 0 ? '' : toWire(first),
      until: readings.length === 0 ? '' : toWire(last),
      unusable: unusable.join(', '),
      trouble: source.trouble() ?? '',
    });
  }
  return rows;
}

const shown = (value: number | null, digits: number): string => (value === null ? '' : value.toFixed(digits));

export function register(program: Command): void {
  const mirror = program
    .command('mirror')
    .description('Regions whose load is that of a real place: what was measured last, and how the twin follows it.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx loadstone mirror status\n  $ npx loadstone mirror check --scenario texas.json\n\nHow a scenario names its sources: docs/mirror.md',
    );
  mirror
    .command('status', { isDefault: true })
    .description('The mirrored regions of the running twin.')
    .option('--json', 'one JSON array')
    .addHelpText('after', '\nExample:\n  $ npx loadstone mirror status')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const rows = await statusRows();
      if (json === true) return printJson(rows);
      printTable(
        rows.map((row) => ({
          ...row,
          measuredMw: shown(row.measuredMw, 0),
          expectedMw: shown(row.expectedMw, 0),
          usualErrorMw: shown(row.usualErrorMw, 0),
          gainRatio: shown(row.gainRatio, 3),
          biasMw: shown(row.biasMw, 0),
        })),
        'nothing was measured: every load is simulated',
      );
    });
  mirror
    .command('check')
    .description('Reads every source of a scenario once, without a twin; exit 1 when one cannot be read.')
    .requiredOption('--scenario <file>', 'scenario file with sources')
    .option('--json', 'one JSON array')
    .addHelpText('after', '\nExample:\n  $ npx loadstone mirror check --scenario texas.json')
    .action(async ({ scenario, json }: { readonly scenario: string; readonly json?: boolean }) => {
      const rows = await checkRows(scenario);
      if (json === true) printJson(rows);
      else
        printTable(
          rows.map((row) => ({ ...row })),
          'no source',
        );
      if (rows.some(({ readings }) => readings === 0)) process.exitCode = 1;
    });
}
