import { printTable } from '../output.js';
import type { GapAnswer } from './gapAnswer.js';

/** Prints a gap for people. */
export function showGap(answer: GapAnswer): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const gw = (mw: number): string => (mw / 1_000).toFixed(1);
  const row = ({ claimedMw, deliveredMw, gapMw, gapRatio, behindMonths }: GapAnswer['days'][number] | GapAnswer['vintages'][number]) => ({
    'claimed GW': gw(claimedMw),
    'there GW': gw(deliveredMw),
    'gap GW': `${gw(gapMw.value)} [${gw(gapMw.p5)}, ${gw(gapMw.p95)}]`,
    'gap %': gapRatio === null ? '-' : `${percent(gapRatio.value)} [${percent(gapRatio.p5)}, ${percent(gapRatio.p95)}]`,
    'months behind': behindMonths === null ? 'censored' : behindMonths.toFixed(0),
  });
  say(`${answer.claims} announcements up to ${answer.asOf}; [5 %, 95 %] over resamples of the projects; evidence: measured\n`);
  printTable(
    answer.days.map((day) => ({ by: day.day, ...row(day) })),
    '',
  );
  say('');
  printTable(
    answer.vintages.map((vintage) => ({ 'asked in': vintage.year, projects: vintage.claims, ...row(vintage) })),
    '',
  );
  say('');
  if (answer.withoutClaim > 0) say(`without request, filed day or capacity: ${answer.withoutClaim}`);
  if (answer.undated > 0) say(`built on a day that is not told, left out: ${answer.undated}`);
  say(`expected more than came (claim 10, this file): ${answer.verdict}`);
  if (answer.ahead === null) return;
  say(`\nahead, ${answer.ahead.set} (${answer.ahead.evidence}): ${answer.ahead.source}`);
  printTable(
    answer.ahead.days.map((day) => ({
      by: day.day,
      'claimed GW': gw(day.claimedMw),
      'there GW, 5 / 50 / 95 %': `${gw(day.deliveredMwP5)} / ${gw(day.deliveredMwP50)} / ${gw(day.deliveredMwP95)}`,
      'gap GW, median': gw(day.gapMwP50),
    })),
    'no year ahead',
  );
}

function percent(share: number): string {
  return (100 * share).toFixed(0);
}
