import { checkpointBytesOf } from '../../../shared/domain/fleet/checkpoint.js';
import { flipsOf, sharesOf, tableOf, verdictOn, type Journey, type TableCell, type Way } from '../../../shared/domain/fleet/moveTable.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { printJson, printTable } from '../output.js';
import { energiesFor } from './energy.js';
import type { MoveTableAnswer } from './moveAnswer.js';
import { evidenceIn, everyIn, gbpsIn, ringSecondsIn, spareIn, type MoveOptions } from './moveOptions.js';
import { percent } from './showMove.js';
import { askedWorld, campusIn, type Asked } from './standing.js';

const usualSpare = '0,5,20';
const usualSplits = '1,100,500';

/** Prints the table of claim 7: every run of a world to every other campus. */
export async function printMoveTable(options: MoveOptions): Promise<void> {
  if (options.to !== undefined) throw wrongInput(`--to: found ${options.to} with --table, allowed: --campuses`);
  const answer = await tableAnswer(await askedWorld({ ...options, scenario: options.scenario ?? 'three-areas' }), options);
  if (options.json === true) printJson(answer);
  else show(answer);
}

async function tableAnswer(asked: Asked, options: MoveOptions): Promise<MoveTableAnswer> {
  const { world, standing, at } = asked;
  const axes = {
    gbps: gbpsIn(options),
    spareRatios: spareIn(options.spare ?? usualSpare),
    ways: [null, ...everyIn(options.splitEvery ?? usualSplits)] as readonly Way[],
    ringLatencySeconds: ringSecondsIn(options),
    valueOfComputeUsdPerMwh: world.valueOfComputeUsdPerMwh,
  };
  const campuses = campusesIn(asked, options.campuses);
  const moving = world.runs.filter(({ id }) =>
    standing.runs.some(({ run, campus, canGive }) => run === id && canGive && campuses.includes(campus)),
  );
  if (campuses.length < 2 || moving.length === 0)
    throw wrongInput(
      `${world.name}: found ${moving.length} runs under way at ${campuses.length} campuses, allowed: runs, and two campuses or more`,
    );
  const say = (line: string): void => void process.stderr.write(`training move: ${line}\n`);
  const energies = await energiesFor(world, moving, { campuses, fromMs: standing.atMs, options, say });
  const journeys = moving.flatMap((run): readonly Journey[] => {
    const own = standing.runs.find((other) => other.run === run.id);
    const from = energies.of(run.id).find(({ campus }) => campus === own?.campus);
    if (own === undefined || from === undefined) return [];
    return energies.of(run.id).flatMap((to) => {
      const destination = world.campuses.find(({ id }) => id === to.campus);
      if (destination === undefined || to.campus === own.campus) return [];
      return [{ run, steps: own.steps, from, to, destination, limitMw: standing.limitMw.get(to.campus) ?? destination.limitMw }];
    });
  });
  const cells = tableOf(journeys, axes);
  const evidence = evidenceIn(options, energies, moving);
  return {
    scenario: world.name,
    at,
    claim: 'where a cluster trains does not matter',
    rule: 'a cell holds where nothing stands in the way, the end moves by 2 % of the time left at most, and cost falls',
    verdict: verdictOn(sharesOf(cells), evidence),
    evidence,
    energies: { source: energies.source, hours: energies.hours },
    journeys: journeys.map(({ run, from, to }) => ({
      run: run.id,
      from: placeOf(from),
      to: placeOf(to),
      checkpointBytes: checkpointBytesOf(run),
    })),
    shares: [
      { way: 'all', ...sharesOf(cells) },
      ...axes.ways.map((way) => ({ way: wayWords(way), ...sharesOf(cells.filter((cell) => cell.way === way)) })),
    ],
    flips: [...flipsOf(journeys, axes)],
    cells: cells.map((cell) => ({ ...cell, obstacles: [...cell.obstacles] })),
  };
}

function placeOf({ campus, priceUsdPerMwh, carbonKgPerMwh }: Journey['from']): MoveTableAnswer['journeys'][number]['from'] {
  return { campus, priceUsdPerMwh, carbonKgPerMwh };
}

function campusesIn({ world, standing }: Asked, found: string | undefined): readonly string[] {
  if (found !== undefined) return [...new Set(found.split(',').map((id) => campusIn(world, id.trim(), '--campuses').id))];
  return world.campuses.map(({ id }) => id).filter((id) => standing.runs.some(({ campus, canGive }) => campus === id && canGive));
}

function wayWords(way: Way): string {
  return way === null ? 'move' : `split, every ${way}`;
}

function show({ scenario, at, verdict, evidence, energies, journeys, shares, flips, cells, rule }: MoveTableAnswer): void {
  process.stdout.write(`${scenario}, ${at}; prices ${energies.source === 'given' ? 'given' : `dispatched over ${energies.hours} h`}\n\n`);
  printTable(
    journeys.map(({ run, from, to, checkpointBytes }) => ({
      run,
      from: from.campus,
      to: to.campus,
      'checkpoint TB': Number((checkpointBytes / 1e12).toPrecision(3)),
      '$/MWh from': Number(from.priceUsdPerMwh.toFixed(2)),
      'to it': Number(to.priceUsdPerMwh.toFixed(2)),
      'kg CO2/MWh from': Math.round(from.carbonKgPerMwh),
      'to it ': Math.round(to.carbonKgPerMwh),
    })),
    'no run',
  );
  process.stdout.write('\n');
  printTable(endsByLink(cells), 'no cells');
  process.stdout.write('\n');
  printTable(
    shares.map((row) => ({
      way: row.way,
      cells: row.cells,
      'fails on spare': percent(row.failsOnSpareRatio),
      possible: percent(row.possibleRatio),
      'ends <= 2 % later': percent(row.inTimeRatio),
      cheaper: percent(row.cheaperRatio),
      'less CO2': percent(row.cleanerRatio),
      holds: percent(row.holdsRatio),
    })),
    'no cells',
  );
  process.stdout.write('\ncells that hold if one assumed input is another:\n');
  const factors = [...new Set(flips.map(({ factor }) => factor))];
  printTable(
    [...new Set(flips.map(({ input }) => input))].map((input) => ({
      input,
      ...Object.fromEntries(
        factors.map((factor) => [
          `x ${factor}`,
          percent(flips.find((flip) => flip.input === input && flip.factor === factor)?.holdsRatio ?? 0),
        ]),
      ),
    })),
    'none',
  );
  process.stdout.write(`\n${rule}\nverdict: ${verdict}, evidence: ${evidence}\n`);
}

/** How much later each run ends, worst over spare, by way and link. */
function endsByLink(cells: MoveTableAnswer['cells']): readonly Readonly<Record<string, string>>[] {
  const keyOf = ({ run, to, way }: Pick<TableCell, 'run' | 'to' | 'way'>): string => `${run}/${to}/${way}`;
  return [...new Map(cells.map((cell) => [keyOf(cell), cell])).values()].map((first) => ({
    run: first.run,
    to: first.to,
    way: wayWords(first.way),
    ...Object.fromEntries(
      cells
        .filter((cell) => keyOf(cell) === keyOf(first))
        .map(({ gbps, endMovedRatio }) => [`later at ${gbps} Gbit/s`, percent(endMovedRatio)]),
    ),
    'saves $, last': String(Math.round(cells.filter((cell) => keyOf(cell) === keyOf(first)).at(-1)?.netSavedUsd ?? 0)),
  }));
}
