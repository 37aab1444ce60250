import type { Command } from 'commander';
import { headroomAt, spareMw } from '../../../shared/domain/headroom/headroom.js';
import { seasonPeaks, seasons, type HourlyLoad, type Season } from '../../../shared/domain/headroom/load.js';
import { endOfRun, plainTraining, policies, trainingCost } from '../../../shared/domain/headroom/training.js';
import { readLoadSeries } from '../../../shared/scenario/loadSeries.js';
import { aboveZero, numberIn, wordIn } from '../dispatch/options.js';
import type { HeadroomAnswer } from '../headroom/answer.js';
import { printJson, printTable, round } from '../output.js';

/** Seasons whose peak lies beside them, by authority. Source: Norris et al., Rethinking Load Growth, Duke University, 2025. */
const exceptions: Readonly<Record<string, readonly Season[]>> = { AZPS: ['winter'], FPL: ['winter'], CISO: ['summer', 'winter'] };

interface Options {
  readonly limits: string;
  readonly authority?: string;
  readonly widen?: string;
  readonly runDays: string;
  readonly json?: boolean;
}

const notes = `
The new load is flat; in each hour it is curtailed to what is free below the peak of the season. No network, ramps, reserve or loss of load.
Columns: date_time and cleaned demand (MW), as of EIA's cleaned demand, or time and mw; hours in UTC, whole calendar years; .gz too.

Example:
  $ npx loadstone headroom ../shared/data/eia930-demand/2020-2024/PJM-DOM.csv.gz`;

/** `headroom`: the flat load that fits below the peaks of a load series when some of it may be curtailed. */
export function register(program: Command): void {
  program
    .command('headroom <file>')
    .description('flat load that fits below the seasonal peaks of a load series, by how much of its energy may be curtailed')
    .option('--limits <percent,...>', 'share of energy that may be curtailed, % each', '0.25,0.5,1,5')
    .option('--authority <code>', `take its seasons as the study does: ${Object.keys(exceptions).join(', ')}; others have no exception`)
    .option('--widen <seasons>', 'look for the peak of summer, winter or both a month before and after as well')
    .option('--run-days <days>', 'length at full speed of a training run that begins with the worst year', '90')
    .option('--json', 'print as JSON; its schema: npx loadstone schema headroom')
    .addHelpText('after', notes)
    .action(async (file: string, options: Options) => {
      const limits = options.limits.split(',').map((found) => numberIn('--limits', found, percentAllowed) / 100);
      const widened = widenedBy(options);
      const runDays = numberIn('--run-days', options.runDays, aboveZero);
      const { load, droppedHours, imputedHours } = await readLoadSeries(file);
      const answer: HeadroomAnswer = {
        file,
        years: load.yearStarts.slice(1).map((_, year) => load.firstYear + year),
        peakMw: { ...seasonPeaks(load, widened) },
        widened: [...widened],
        runDays,
        droppedHours,
        imputedHours,
        limits: limits.map((limit) => {
          const { yearRatio, seasonRatio, ...rest } = headroomAt(load, limit, widened);
          const training = trainingOf(load, { ...rest, widened, runDays });
          return { ...rest, yearRatio: [...yearRatio], seasonRatio: { ...seasonRatio }, training };
        }),
      };
      if (options.json === true) printJson(answer);
      else show(answer);
    });
}

/** What curtailment would cost if the new load were all training. */
function trainingOf(
  load: HourlyLoad,
  of: { readonly newLoadMw: number; readonly worstYear: number; readonly widened: readonly Season[]; readonly runDays: number },
): HeadroomAnswer['limits'][number]['training'] {
  const { newLoadMw, worstYear, widened, runDays } = of;
  if (newLoadMw <= 0) return [];
  const ratio = spareMw(load, widened).map((mw) => Math.max(0, newLoadMw - mw) / newLoadMw);
  const fromHour = load.yearStarts[worstYear - load.firstYear] ?? 0;
  return policies.map((policy) => {
    const end = endOfRun(ratio, { fromHour, workHours: 24 * runDays, policy, training: plainTraining });
    const runHoursLater = end === null ? null : Math.max(0, end - fromHour - 24 * runDays);
    return { ...trainingCost(ratio, newLoadMw, { policy, training: plainTraining }), runHoursLater };
  });
}

const percentAllowed = { is: (value: number) => value > 0 && value < 100, words: 'percentages above 0 and below 100, with commas between' };

function widenedBy({ authority, widen }: Options): readonly Season[] {
  const own = authority === undefined ? [] : (exceptions[authority] ?? []);
  const asked = widen === undefined ? [] : widen.split(',').map((found) => wordIn<Season>('--widen', found, seasons));
  return seasons.filter((season) => own.includes(season) || asked.includes(season));
}

function show({ years, peakMw, widened, runDays, droppedHours, imputedHours, limits }: HeadroomAnswer): void {
  const percent = (value: number): string => `${Number((100 * value).toFixed(2))} %`;
  printTable(
    limits.map((limit) => ({
      curtailed: percent(limit.limitRatio),
      MW: Number(limit.newLoadMw.toFixed(2)),
      'hours a year': round(limit.hoursPerYear),
      'half kept': round(limit.hoursHalfKept),
      '3/4 kept': round(limit.hoursThreeQuartersKept),
      '9/10 kept': round(limit.hoursNineTenthsKept),
      'events a year': round(limit.eventsPerYear),
      'mean h': round(limit.meanEventHours),
      'longest h': limit.longestEventHours,
      'worst year': `${limit.worstYear}: ${percent(Math.max(...limit.yearRatio))}`,
      'in winter': percent(limit.seasonRatio.winter),
    })),
    'no limits',
  );
  process.stdout.write('\nif it is all training:\n');
  printTable(
    limits.flatMap(({ limitRatio, training }) =>
      training.map(({ policy, lostRatio, residualHours, residualMwh, residualMw, runHoursLater }) => ({
        curtailed: percent(limitRatio),
        policy,
        'work lost': percent(lostRatio),
        'hours not met': residualHours,
        MWh: round(residualMwh),
        'most MW': round(residualMw),
        [`${runDays} days end later, h`]: runHoursLater === null ? null : round(runHoursLater),
      })),
    ),
    'no load fits',
  );
  const lines = [
    `${years[0]} to ${years.at(-1)}: peaks ${round(peakMw.summer)} MW in summer, ${round(peakMw.winter)} MW in winter` +
      (widened.length === 0 ? '' : ` (a month more on both sides: ${widened.join(', ')})`),
    ...(droppedHours === 0 ? [] : [`left out: ${droppedHours} hours of years that are not whole`]),
    ...(imputedHours === 0 ? [] : [`filled in by the publisher: ${imputedHours} hours`]),
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}
