import { createHash } from 'node:crypto';
import type { Model } from '../../shared/domain/model.js';
import { createAlarmModel } from '../../shared/domain/alarm/alarms.js';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import type { Fact } from '../../shared/domain/fact.js';
import { createFlexibilityModel } from '../../shared/domain/flexibility/model.js';
import { createForecastModel } from '../../shared/domain/forecast/model.js';
import { createGridModel } from '../../shared/domain/grid/model.js';
import { createPermitOfficeModel } from '../../shared/domain/permit/office.js';
import { phasePlanOf } from '../../shared/domain/phases.js';
import { createAddress, sequenceStarts } from '../../shared/domain/sequences.js';
import { fromWire } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { Host } from '../../shared/runtime/participant.js';
import { threeAreas as world } from '../../shared/scenario/threeAreas/world.js';
import type { Planted } from './stream.js';
import { playTwin, type Cast, type Outcome } from './twin.js';

/** Ticks a simulated twin plays, and where they begin: before the first curtailment, on the way down, at hold, on the way up, at night. */
const ticks = 4;
const beginnings = [0, 58, 62, 72, 80, 92, 104, 112, 140] as const;

/** What one seed showed. */
export interface Tried {
  readonly seed: number;
  readonly outcome: Outcome;
  /** What does not hold, one line each. */
  readonly found: readonly string[];
  /** Hash of everything in the stream, in its order, and of how long it took. */
  readonly digest: string;
}

export interface Campaign {
  try(seed: number, planted?: Planted): Promise<Tried>;
  close(): void;
}

/** Worlds to try seeds on, and what the kernel says of each. */
export async function openCampaign(): Promise<Campaign> {
  const solver = await loadHighsSolver();
  const models = [
    createClusterModel(world),
    createFlexibilityModel(world),
    createPermitOfficeModel(world),
    createGridModel(world, solver),
    createAlarmModel(world),
    ...(world.forecast === undefined ? [] : [createForecastModel(world)]),
  ] as unknown as readonly Model<unknown>[];
  const kernel = createWholeWorld(world, solver);
  const casts: Cast[] = [];
  const said: (readonly Fact[])[] = [];
  for (let tick = 0; tick < Math.max(...beginnings) + ticks; tick++) {
    if (beginnings.some((beginning) => beginning === tick)) casts.push(castOf(models, JSON.stringify(kernel.save()), tick));
    said.push(kernel.tick());
  }
  const expected = casts.map(({ score }) => linesOf(said.slice(score.fromTick, score.fromTick + ticks).flat()));
  return {
    close: () => solver.close(),
    try: async (seed, planted) => {
      const index = seed % casts.length;
      const [cast, lines] = [casts[index], expected[index]];
      if (cast === undefined || lines === undefined) throw new Error(`no world for seed ${seed}`);
      const outcome = await playTwin(cast, seed, planted);
      const digest = createHash('sha256')
        .update(JSON.stringify([outcome.stored, outcome.lastedMs, outcome.struck]))
        .digest('hex');
      return { seed, outcome, found: findings(outcome, lines), digest };
    },
  };
}

function castOf(hosts: readonly Host<unknown>[], saved: string, fromTick: number): Cast {
  const { startTime, tickMinutes } = world.clock;
  const score = { startMs: fromWire(startTime), tickMinutes, plan: phasePlanOf(world), fromTick, ticks };
  return { hosts, starts: sequenceStarts(world), address: createAddress(world), saved, score };
}

/** The stream has to hold what the kernel says, each fact once, and nobody may hang or give up. */
function findings({ stored, waitsFor, gaveUp }: Outcome, expected: readonly string[]): readonly string[] {
  const stuck = waitsFor === null || gaveUp.length > 0 ? [] : [`the clock waits without end for ${waitsFor}`];
  const own = linesOf(stored.flatMap((fact) => (fact === null || fact.type.startsWith('clock.') ? [] : [fact])));
  const [inStream, inKernel] = [tally(own), tally(expected)];
  const wrong = [...new Set([...own, ...expected])].flatMap((line) => {
    const [has, wants] = [inStream.get(line) ?? 0, inKernel.get(line) ?? 0];
    return has === wants ? [] : [`${has} times in the stream, ${wants} in the kernel: ${line.slice(0, 240)}`];
  });
  return [...gaveUp, ...stuck, ...wrong];
}

function linesOf(facts: readonly Fact[]): readonly string[] {
  return facts.map((fact) => JSON.stringify(fact));
}

function tally(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
