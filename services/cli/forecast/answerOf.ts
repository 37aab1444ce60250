import { plausibleLoad } from '../../../shared/domain/forecast/backtest.js';
import { reportOf } from '../../../shared/domain/forecast/report.js';
import { hourMs, toWire } from '../../../shared/domain/ticks.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { DemandFile } from '../../../shared/scenario/demandSeries.js';
import type { BacktestAnswer } from './answer.js';
import type { Issues, TestHours } from './asked.js';
import type { BacktestRun } from './run.js';

/** A published value further from the load than these shares is an error of the publication, not of the forecast. */
const publishedShares = [1 / 5, 5] as const;

/**
 * The answer of a backtest from what its runs brought.
 * @throws TWIN_WRONG_INPUT when the test has no hour with a load.
 */
export function answerOf(
  file: string,
  of: { readonly demand: DemandFile; readonly issues: Issues; readonly hours: TestHours; readonly run: BacktestRun },
): BacktestAnswer {
  const { demand, issues, hours, run } = of;
  const { startMs } = demand.series;
  const plan = issues.plans[0];
  const plausible = plausibleLoad(demand.series, { knownMw: plan?.knownMw ?? (() => 0), ...hours });
  const report = reportOf(run.rows, {
    startMs,
    loadMw: plausible.mw,
    publishedMw: demand.publishedMw?.map((mw, hour) => publishedOr(mw, plausible.mw[hour] ?? Number.NaN)) ?? null,
    ...hours,
    localMs: issues.clock.localMs,
  });
  if (report === null) throw wrongInput(`${file}: found no hour with a load in the test, allowed: a test with load`);
  const { own, crpsBelowLag168Percent, references, byHour, bySeason, cells, surges } = report;
  const leads = Array.from(run.rows.lead);
  const issued = new Set(leads.map((lead, row) => (run.rows.hour[row] ?? 0) - lead));
  return {
    file,
    loadColumn: demand.loadColumn,
    evidence: plan?.weather === 'ahead' ? 'assumed' : 'measured',
    weather: plan?.weather ?? 'none',
    test: {
      from: toWire(startMs + (hours.fromHour - 1) * hourMs),
      to: toWire(startMs + (hours.toHour - 1) * hourMs),
      hours: hours.toHour - hours.fromHour,
    },
    issue: {
      at: `${String(issues.issueHour).padStart(2, '0')}:00`,
      zone: issues.clock.zone,
      leadHours: {
        from: leads.reduce((least, lead) => Math.min(least, lead), Infinity),
        to: leads.reduce((most, lead) => Math.max(most, lead), 0),
      },
      forecasts: issued.size,
    },
    pastHours: run.pastHours,
    ...own,
    crpsBelowLag168Percent,
    references,
    byHour: [...byHour],
    bySeason: [...bySeason],
    seasonHours: cells,
    surges,
    step: run.step === null ? null : { stepMw: run.step.stepMw, days: [...run.step.days] },
    data: {
      missingHours: demand.missingHours,
      imputedHours: demand.imputedHours,
      repeatedRows: demand.repeatedRows,
      unorderedRows: demand.unorderedRows,
      noSuchHourRows: demand.noSuchHourRows,
      refused: {
        missing: plausible.refused.missing,
        notAboveZero: plausible.refused['not above zero'],
        tooHigh: plausible.refused['too high'],
        tooLow: plausible.refused['too low'],
      },
    },
    stateBytes: run.stateBytes,
    seconds: run.seconds,
  };
}

function publishedOr(mw: number, loadMw: number): number {
  const [least, most] = publishedShares;
  return mw > 0 && !(mw < least * loadMw) && !(mw > most * loadMw) ? mw : Number.NaN;
}
