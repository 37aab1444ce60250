import { createBridge } from '../../services/workflow-bridge/bridge.js';
import type { SequenceClient } from '../../services/workflow-bridge/sequenceClient.js';
import { createClusterModel } from '../../shared/domain/cluster/model.js';
import type { Fact } from '../../shared/domain/fact.js';
import { createFlexibilityModel } from '../../shared/domain/flexibility/model.js';
import { createGridModel } from '../../shared/domain/grid/model.js';
import { createPermitOfficeModel } from '../../shared/domain/permit/office.js';
import { runSequences } from '../../shared/domain/sequenceHost.js';
import { createAddress, rulesOf, sequenceHears, sequenceStarts } from '../../shared/domain/sequences.js';
import { fromWire, minuteMs, tickStartMs } from '../../shared/domain/ticks.js';
import { createFastWorld, holdModel } from '../../shared/domain/world.js';
import { wallNow } from '../../shared/runtime/clock.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';

/** Facts of each tick of a world run in memory with all its models and sequences. */
export async function runInMemory(world: World, ticks: number): Promise<readonly (readonly Fact[])[]> {
  const solver = await loadHighsSolver();
  const fast = createFastWorld({
    clock: { startMs: fromWire(world.clock.startTime), tickMinutes: world.clock.tickMinutes },
    models: [
      holdModel(createClusterModel(world)),
      holdModel(createFlexibilityModel(world)),
      holdModel(createPermitOfficeModel(world)),
      holdModel(createGridModel(world, solver)),
    ],
    sequences: runSequences({ rulesOf, starts: sequenceStarts(world), address: createAddress(world) }),
  });
  return Array.from({ length: ticks }, () => fast.tick());
}

/** Drives the sequences of a world in Temporal with what everyone else said in each tick, and answers how many advances a second they made. */
export async function runInTemporal(world: World, client: SequenceClient, ticks: readonly (readonly Fact[])[]): Promise<number> {
  let advances = 0;
  const sequences: SequenceClient = {
    ...client,
    advance: (id, ask, anchor) => {
      advances += 1;
      return client.advance(id, ask, anchor);
    },
  };
  const bridge = createBridge({ sequences, starts: sequenceStarts(world), hears: sequenceHears, address: createAddress(world) });
  const { tickMinutes, startTime } = world.clock;
  let state = bridge.initial();
  const begin = wallNow();
  for (const [tick, facts] of ticks.entries()) {
    const startMs = tickStartMs({ startMs: fromWire(startTime), tickMinutes }, tick);
    state = (await bridge.speak(state, { tick, phase: 1, startMs, tickMs: tickMinutes * minuteMs })).state;
    for (const fact of facts) if (bridge.hears.includes(fact.type)) state = bridge.observe(state, fact).state;
  }
  return (advances * 1_000) / (wallNow() - begin);
}

/** True for what a sequence said. */
export function isOfSequence(fact: Fact): boolean {
  return fact.component !== 'permit-office' && /^(training|buildout|permit)-/.test(fact.component);
}
