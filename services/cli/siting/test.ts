import type { Command } from 'commander';
import { dcHelp, hoursHelp } from '../dispatch/options.js';
import { printJson } from '../output.js';
import { showTest } from './showTest.js';
import { isSiteTable, type TestOptions } from './testOptions.js';
import { testOfScenario } from './testScenario.js';
import { testOfSites } from './testSites.js';

const notes = `
A network: its campuses by their connection limits, or --built; surplus and room of each place with the other sites at work and the site
itself gone. A file of sites (.csv): site, mw, latitude and longitude, or Epoch's table of data centres; a verdict on real sites needs
--surplus with nodes and 30 sites, and is open without. Files: docs/siting.md.

Examples:
  $ npx loadstone siting test ../shared/data/epoch-ai-datacenters/data_centers.csv
  $ npx loadstone siting test rts-gmlc --data ../shared/data/rts-gmlc --moves 10`;

/** `siting test`: whether built load stands where surplus is, and whether anywhere would do. */
export function registerTest(siting: Command): void {
  siting
    .command('test <place>')
    .description('does built load follow surplus better than random feasible places and than population; what do the same MW do elsewhere')
    .option('--surplus <file>', 'sites: nodes with surplusMw, and region, coordinates, hostingMw, population, takenMw, source')
    .option('--box <words>', 'sites: us, all, or SOUTH,WEST,NORTH,EAST; default: us, with --surplus all')
    .option('--reach <km>', 'sites: the nearest node is at most so far away', '100')
    .option('--built <file>', 'network: load by bus and mw in place of its campuses')
    .option('--sites <file>', 'network: population by bus; default: load stands in for it')
    .option('--among <words>', 'network: places of the same region, or of the whole network; default region')
    .option('--moves <number>', 'network: draws of places dispatched for "anywhere is fine"; default 10')
    .option('--flex <percent>', 'network: a place is feasible if it hosts the site with so much of its energy curtailed', '0.5')
    .option('--cheap <usd>', 'network: power at most this dear is surplus, $/MWh', '1')
    .option('--exact', 'network: work every hour out')
    .option('--hours <from:to>', hoursHelp)
    .option('--dc <convention>', dcHelp, 'matpower')
    .option('--data <dir>', 'folder of the data a built-in scenario reads')
    .option('--draws <number>', 'placements drawn', '20000')
    .option('--seed <number>', 'of everything drawn', '1')
    .option('--json', 'print as JSON; its schema: npx loadstone schema siting-test')
    .addHelpText('after', notes)
    .action(async (place: string, options: TestOptions) => {
      const answer = await (isSiteTable(place) ? testOfSites : testOfScenario)(place, options);
      if (options.json === true) printJson(answer);
      else showTest(answer);
    });
}
