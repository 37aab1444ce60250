import type { Command } from 'commander';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { builtIns } from '../../../shared/scenario/builtIn.js';
import { canonicalJson } from '../../../shared/scenario/canonical.js';
import { resolveWorld } from '../../../shared/scenario/load.js';
import { bareWorld, readNetwork, writeText } from '../../../shared/scenario/networkFile.js';
import type { World } from '../../../shared/scenario/schema.js';
import { slugOf } from '../../../shared/scenario/slug.js';
import { checkedWorld } from '../../../shared/scenario/validate.js';
import { printJson, printTable } from '../output.js';

interface NewOptions {
  readonly from: string;
  readonly network?: string;
  readonly data?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** `scenario list`, `validate` and `new`. */
export function register(program: Command): void {
  const scenario = program.command('scenario').description('Scenarios: the worlds the twin can run.');
  scenario
    .command('list')
    .description('scenarios that come with the program')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone scenario list')
    .action((options: { readonly json?: boolean }) => {
      const rows = builtIns.map(({ name, title, data }) => ({ name, title, data }));
      if (options.json === true) printJson(rows);
      else
        printTable(
          rows.map((row) => ({ ...row, data: row.data ?? 'none' })),
          'none',
        );
    });
  scenario
    .command('validate <scenario>')
    .description('check a scenario file or a built-in scenario; exit 2 and one line when something is wrong')
    .option('--data <dir>', 'folder of the data it reads')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone scenario validate my-world.json')
    .action(async (file: string, options: { readonly data?: string; readonly json?: boolean }) => {
      const { world, hash } = await resolveWorld({ scenario: file, dataDir: options.data });
      const counts = countsOf(world);
      if (options.json === true) return printJson({ valid: true, name: world.name, hash, ...counts });
      process.stdout.write(
        `${file}: fits. ${Object.entries(counts)
          .map(([kind, count]) => `${count} ${kind}`)
          .join(', ')}\nhash ${hash}\n`,
      );
    });
  scenario
    .command('new <name>')
    .description('write a scenario file to edit, from a scenario or from a bare network')
    .option('--from <scenario>', 'scenario to begin from', 'three-areas')
    .option('--network <file>', 'begin from a network instead: a network file or an RTS-GMLC folder, without campuses')
    .option('--data <dir>', 'folder of the data the scenario reads')
    .option('--out <file>', 'where to write it; NAME.json when absent')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone scenario new my-world --from three-areas')
    .action(async (name: string, options: NewOptions) => {
      if (slugOf(name) !== name)
        throw wrongInput(
          `name: found ${JSON.stringify(name)}, allowed: lower-case letters, digits and dashes, like "${slugOf(name) || 'my-world'}"`,
        );
      if (builtIns.some((each) => each.name === name))
        throw wrongInput(`name: found "${name}", the name of a built-in scenario, allowed: another name`);
      const base = await baseOf(options);
      const world = checkedWorld({ ...base, name, title: `${name}, from ${base.name}` }, name);
      const out = options.out ?? `${name}.json`;
      await writeText(out, `${readable(world)}\n`, 'wx');
      if (options.json === true) printJson({ name, out, ...countsOf(world) });
      else process.stdout.write(`written to ${out}; start it with: npx loadstone up --scenario ${out}\n`);
    });
}

async function baseOf(options: NewOptions): Promise<World> {
  if (options.network !== undefined) return bareWorld(await readNetwork(options.network));
  return (await resolveWorld({ scenario: options.from, dataDir: options.data })).world;
}

/** Indented for people, with the values of a series in one line. */
function readable(world: World): string {
  const { series, ...rest } = JSON.parse(canonicalJson(world)) as World;
  // Series are far too long to be indented value by value.
  const lines = Object.entries(series).map(([name, each]) => `    ${JSON.stringify(name)}: ${JSON.stringify(each)}`);
  const text = JSON.stringify({ ...rest, series: {} }, null, 2);
  if (lines.length === 0) return text;
  return text.replace(/"series": \{\}\s*\}$/, () => `"series": {\n${lines.join(',\n')}\n  }\n}`);
}

function countsOf({ regions, network, campuses, runs, contracts, agencies, projects, series, script }: World) {
  return {
    regions: regions.length,
    buses: network.buses.length,
    units: network.units.length,
    campuses: campuses.length,
    runs: runs.length,
    contracts: contracts.length,
    agencies: agencies.length,
    projects: projects.length,
    series: Object.keys(series).length,
    script: script.length,
  };
}
