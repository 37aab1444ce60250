import type { Command } from 'commander';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { importNetwork, readNetwork, writeNetwork } from '../../../shared/scenario/networkFile.js';
import { summaryOf, type NetworkSummary } from '../../../shared/scenario/networkSummary.js';
import { printJson, printTable, round } from '../output.js';

function show(summary: NetworkSummary): void {
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
  const radial = radialLines.map(
    (line) => `${line.line} (cuts off ${line.cutOffBuses.join(', ')} with ${round(line.cutOffCapacityMw)} MW)`,
  );
  const lines = [
    `storage: ${round(summary.storageMw)} MW, ${round(summary.storageMwh)} MWh`,
    `islands: ${islands.length === 1 ? '1, all buses hang together' : islands.map((island) => `${island.length} buses`).join(' + ')}`,
    `radial lines: ${radial.length === 0 ? 'none' : radial.join('; ')}`,
    `hours: ${covers === null ? 'no series' : `${covers.fromTime} to ${covers.toTime}`}`,
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

function warn(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
}

/** `network import` and `network show`. */
export function register(program: Command): void {
  const network = program.command('network').description('Networks: bring one in from outside, look at one.');
  network
    .command('import <format> <dir>')
    .description("read a network from a folder and write it in Loadstone's own form; formats: rts-gmlc")
    .option('--out <file>', 'where to write it; .gz packs it', 'rts-gmlc.network.json')
    .option('--json', 'print the summary as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone network import rts-gmlc ../shared/data/rts-gmlc --out rts.json.gz')
    .action(async (format: string, dir: string, options: { readonly out: string; readonly json?: boolean }) => {
      if (format !== 'rts-gmlc') throw wrongInput(`format: found ${JSON.stringify(format)}, allowed: rts-gmlc`);
      const imported = await importNetwork(dir);
      await writeNetwork(options.out, imported);
      const summary = summaryOf(imported);
      if (options.json === true) return printJson({ ...summary, out: options.out });
      warn(summary.warnings);
      show(summary);
      process.stdout.write(`written to ${options.out}\n`);
    });
  network
    .command('show <place>')
    .description('counts, capacity by source, islands and radial lines of a network file, a scenario, or an RTS-GMLC folder')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone network show three-areas')
    .action(async (place: string, options: { readonly json?: boolean }) => {
      const summary = summaryOf(await readNetwork(place));
      if (options.json === true) return printJson(summary);
      warn(summary.warnings);
      show(summary);
    });
}
