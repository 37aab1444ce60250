import type { Command } from 'commander';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { caseOf } from '../../../shared/scenario/matpower/export.js';
import { importCase, importNetwork, readNetwork, writeNetwork, writeText } from '../../../shared/scenario/networkFile.js';
import { summaryOf, type NetworkSummary } from '../../../shared/scenario/networkSummary.js';
import { registerFlow } from '../network/flow.js';
import { registerFrequency } from '../network/frequency.js';
import { registerScreen } from '../network/screen.js';
import { printJson, printTable, round } from '../output.js';

interface ImportOptions {
  readonly out?: string;
  readonly leaveOutZeroReactance?: boolean;
  readonly json?: boolean;
}
interface ExportOptions {
  readonly out: string;
  readonly hour?: string;
  readonly json?: boolean;
}

/** `network import`, `export`, `show`, `flow`, `screen` and `frequency`. */
export function register(program: Command): void {
  const network = program
    .command('network')
    .description('Networks: bring one in from outside, take one out, look at one; its flows, N-1, frequency.');
  network
    .command('import <format> <place>')
    .description("read a network and write it in Loadstone's own form; formats: rts-gmlc (a folder), matpower (a case of version 2)")
    .option('--out <file>', 'where to write it; .gz packs it; NAME.network.json when absent')
    .option('--leave-out-zero-reactance', 'matpower: leave out branches with resistance and no reactance, which --dc series cannot load')
    .option('--json', 'print the summary as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone network import matpower case5.m --out case5.json.gz')
    .action(async (format: string, place: string, options: ImportOptions) => {
      const imported = await importFrom(format, place, options);
      const out = options.out ?? `${imported.name}.network.json`;
      await writeNetwork(out, imported);
      const summary = summaryOf(imported);
      if (options.json === true) return printJson({ ...summary, out });
      show(summary);
      process.stdout.write(`written to ${out}\n`);
    });
  network
    .command('export <format> <place>')
    .description('write a network at one hour for other programs; formats: matpower (a case of version 2, for DC studies)')
    .requiredOption('--out <file>', 'where to write it; .gz packs it')
    .option('--hour <n>', 'hour from the start of the network; the hour of the highest load when absent')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone network export matpower three-areas --hour 17 --out three_areas.m')
    .action(async (format: string, place: string, options: ExportOptions) => {
      if (format !== 'matpower') throw wrongInput(`format: found ${JSON.stringify(format)}, allowed: matpower`);
      const file = await readNetwork(place);
      const { text, snapshot } = caseOf(file, options.hour === undefined ? null : hourIn(options.hour));
      await writeText(options.out, text, 'w');
      const loadMw = snapshot.loadMw.reduce((sum, mw) => sum + mw, 0);
      const unitsInService = snapshot.availableMw.filter((mw) => mw !== null).length;
      const { hour, atTime } = snapshot;
      if (options.json === true) return printJson({ name: file.name, hour, atTime, loadMw, unitsInService, out: options.out });
      process.stdout.write(`${file.name} at hour ${hour} (${atTime}): ${round(loadMw)} MW of load, ${unitsInService} units in service\n`);
      process.stdout.write(`written to ${options.out}\n`);
    });
  network
    .command('show <place>')
    .description('counts, capacity by source, islands and radial lines of a network file, a case, a scenario, or an RTS-GMLC folder')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone network show three-areas')
    .action(async (place: string, options: { readonly json?: boolean }) => {
      const summary = summaryOf(await readNetwork(place));
      if (options.json === true) return printJson(summary);
      show(summary);
    });
  registerFlow(network);
  registerScreen(network);
  registerFrequency(network);
}

function importFrom(format: string, place: string, { leaveOutZeroReactance = false }: ImportOptions): ReturnType<typeof importCase> {
  switch (format) {
    case 'rts-gmlc':
      return importNetwork(place);
    case 'matpower':
      return importCase(place, { zeroReactance: leaveOutZeroReactance ? 'leave-out' : 'refuse' });
    default:
      throw wrongInput(`format: found ${JSON.stringify(format)}, allowed: rts-gmlc, matpower`);
  }
}

function hourIn(option: string): number {
  if (!/^\d{1,9}$/.test(option)) throw wrongInput(`hour: found ${JSON.stringify(option)}, allowed: a whole number from 0`);
  return Number(option);
}

/** Things named for people, at most twelve of them. */
function named(names: readonly string[], separator: string): string {
  return names.slice(0, 12).join(separator) + (names.length > 12 ? `${separator}and ${names.length - 12} more` : '');
}

function show(summary: NetworkSummary): void {
  for (const warning of summary.warnings) process.stderr.write(`warning: ${warning}\n`);
  const { counts, islands, radialLines, covers } = summary;
  process.stdout.write(
    `${summary.name}: ${Object.entries(counts)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', ')}\n\n`,
  );
  printTable(
    summary.capacityBySource.map((row) => ({ source: row.source, units: row.units, capacityMw: round(row.capacityMw) })),
    'no units',
  );
  const bySize = [...radialLines].sort((a, b) => b.cutOffBuses.length - a.cutOffBuses.length);
  const radial = bySize.map((line) => `${line.line} (cuts off ${named(line.cutOffBuses, ', ')} with ${round(line.cutOffCapacityMw)} MW)`);
  const parts = islands.map((island) => (island.length === 1 ? '1 bus' : `${island.length} buses`));
  const lines = [
    ...(summary.fixedLoadMw === 0 ? [] : [`fixed load: ${round(summary.fixedLoadMw)} MW`]),
    `storage: ${round(summary.storageMw)} MW, ${round(summary.storageMwh)} MWh`,
    `islands: ${islands.length === 1 ? '1, all buses hang together' : `${islands.length}: ${named(parts, ' + ')}`}`,
    `radial lines: ${radial.length === 0 ? 'none' : `${radial.length}: ${named(radial, '; ')}`}`,
    `hours: ${covers === null ? 'no series' : `${covers.fromTime} to ${covers.toTime}`}`,
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}
