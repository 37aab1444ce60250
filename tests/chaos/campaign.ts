import type { Bus } from '../../shared/bus/connect.js';
import type { TestTwin } from '../support/twin.js';
import type { Answered, Findings } from './check.js';
import type { Fault } from './plan.js';

/** A campaign against one twin: stretches of twin time in lock-step with orders between them, faults all the while, then the check. */
export interface Campaign {
  readonly twin: TestTwin;
  readonly bus: Bus;
  readonly seed: number;
  /** As it was asked for. */
  readonly minutes: number;
  readonly restSeconds: number;
  readonly untilMs: number;
  readonly faults: { readonly fault: Fault; readonly endedMs: number }[];
  readonly orders: Answered[];
  /** Wall instants at which a tick was seen to be over that was not before. */
  readonly progress: number[];
  /** Wall instants between which the clock stood on purpose. */
  readonly rests: { readonly fromMs: number; readonly untilMs: number }[];
  tick: number;
  isStruck: boolean;
  /** Wall instant from which it is left alone, since faults upon faults kept it from going on; null: it is struck. */
  quietSinceMs: number | null;
  quiets: number;
}

/** A twin goes on within this time of the end of every fault, or it is stuck. */
export const mostRecoveryMs = 60_000;

/** Time from the end of each fault, or of the rest it came in, until the clock was seen to be further, ms. */
export function recoveries({ faults, progress, rests }: Campaign): readonly number[] {
  return faults.flatMap((struck) => {
    const endedMs = rests.find(({ fromMs, untilMs }) => struck.endedMs >= fromMs && struck.endedMs < untilMs)?.untilMs ?? struck.endedMs;
    const next = progress.find((atMs) => atMs >= endedMs);
    return next === undefined ? [] : [next - endedMs];
  });
}

/** The same, of those faults alone that no other followed before the clock was further. */
export function lastRecoveries({ faults, ...campaign }: Campaign): readonly number[] {
  const ends = faults.map(({ endedMs }) => endedMs);
  return recoveries({
    ...campaign,
    faults: faults.filter(({ endedMs }) => {
      const next = campaign.progress.find((atMs) => atMs >= endedMs);
      return next !== undefined && !ends.some((otherMs) => otherMs > endedMs && otherMs <= next);
    }),
  });
}

/** Tells what became of a campaign in one line, and what was broken; answers the exit code. */
export function report(campaign: Campaign, findings: Findings, tookMinutes: number): number {
  const { faults, orders, tick } = campaign;
  const times = [...recoveries(campaign)].sort((a, b) => a - b);
  const at = (ratio: number): string => ((times[Math.min(times.length - 1, Math.floor(ratio * times.length))] ?? 0) / 1_000).toFixed(1);
  const kinds = [...new Set(faults.map(({ fault }) => fault.kind))].sort();
  const counted = kinds.map((kind) => `${kind} ${faults.filter(({ fault }) => fault.kind === kind).length}`).join(', ');
  const answers = (['accepted', 'refused', 'unknown'] as const).map(
    (answer) => `${orders.filter((order) => order.answer === answer).length} ${answer}`,
  );
  const broken = Object.entries(findings).filter(([, found]) => found.length > 0);
  for (const [name, found] of broken)
    process.stdout.write(
      `broken: ${name}: ${found.length} times\n${found
        .slice(0, 5)
        .map((line) => `  ${line}\n`)
        .join('')}`,
    );
  process.stdout.write(
    `chaos: seed ${campaign.seed}, ${tookMinutes.toFixed(1)} min, ${faults.length} faults (${counted}), ${tick} ticks, ` +
      `${orders.length} orders (${answers.join(', ')}), recovery p50 ${at(0.5)} p99 ${at(0.99)} max ${at(1)} s, left alone ${campaign.quiets} times, ` +
      `${broken.length === 0 ? `all ${Object.keys(findings).length} invariants hold` : `${broken.length} invariants broken`}\n`,
  );
  if (broken.length > 0)
    process.stdout.write(
      `again: npm run test:chaos -- --minutes ${campaign.minutes} --seed ${campaign.seed} --rest ${campaign.restSeconds}\n`,
    );
  return broken.length === 0 ? 0 : 1;
}
