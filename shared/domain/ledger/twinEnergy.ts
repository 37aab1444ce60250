import type { Fact, FactOf } from '../fact.js';
import { hourMs } from '../ticks.js';

/** Energy of one training run or of the inference of one campus, as far as it was heard. */
export interface EnergyAccount {
  readonly name: string;
  readonly kind: 'training' | 'inference';
  readonly campus: string;
  readonly mwh: number;
  /** Of that, while the run made no steps. */
  readonly stillMwh: number;
  readonly heardMs: number;
  /** First instant and end of the last tick heard. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly steps: number;
}

/** Accounts of a twin; `lastTicks` remembers, by type and region, what was counted, so that a repeat counts once. */
export interface EnergyLedger {
  readonly accounts: ReadonlyMap<string, EnergyAccount>;
  readonly lastTicks: ReadonlyMap<string, number>;
}

export const emptyEnergyLedger: EnergyLedger = { accounts: new Map(), lastTicks: new Map() };

/** Facts that carry energy. */
export const energyFacts = ['cluster.progress.v1', 'cluster.power.v1'] as const;

/** The ledger with one more fact; facts of other types, and of ticks already counted, change nothing. `tickMs`: length of a tick. */
export function hearEnergy(ledger: EnergyLedger, fact: Fact, tickMs: number): EnergyLedger {
  if (fact.type !== 'cluster.progress.v1' && fact.type !== 'cluster.power.v1') return ledger;
  const stream = `${fact.type}/${fact.region}`;
  if (fact.tick <= (ledger.lastTicks.get(stream) ?? -1)) return ledger;
  const accounts = new Map(ledger.accounts);
  for (const part of fact.type === 'cluster.progress.v1' ? runsOf(fact) : campusesOf(fact)) {
    const key = `${part.kind}/${part.name}`;
    const before = accounts.get(key);
    const mwh = (part.mw * tickMs) / hourMs;
    accounts.set(key, {
      name: part.name,
      kind: part.kind,
      campus: part.campus,
      mwh: (before?.mwh ?? 0) + mwh,
      stillMwh: (before?.stillMwh ?? 0) + (part.isStill ? mwh : 0),
      heardMs: (before?.heardMs ?? 0) + tickMs,
      fromMs: before?.fromMs ?? fact.timeMs,
      toMs: fact.timeMs + tickMs,
      steps: part.steps,
    });
  }
  return { accounts, lastTicks: new Map(ledger.lastTicks).set(stream, fact.tick) };
}

interface Part {
  readonly name: string;
  readonly kind: EnergyAccount['kind'];
  readonly campus: string;
  readonly mw: number;
  readonly isStill: boolean;
  readonly steps: number;
}

function runsOf({ data }: FactOf<'cluster.progress.v1'>): readonly Part[] {
  return data.runs
    .filter(({ state }) => state !== 'waiting' && state !== 'finished')
    .map(({ run, campus, powerMw, state, completedSteps }) => {
      const isStill = state !== 'running' && state !== 'throttled';
      return { name: run, kind: 'training', campus, mw: powerMw, isStill, steps: completedSteps };
    });
}

function campusesOf({ data }: FactOf<'cluster.power.v1'>): readonly Part[] {
  return data.campuses.map(({ campus, inferenceMw }) => {
    return { name: campus, kind: 'inference', campus, mw: inferenceMw, isStill: false, steps: 0 };
  });
}
