import { createClusterModel } from '../../shared/domain/cluster/model.js';
import type { Fact } from '../../shared/domain/fact.js';
import { createFlexibilityModel } from '../../shared/domain/flexibility/model.js';
import { createGridModel } from '../../shared/domain/grid/model.js';
import { createPermitOfficeModel } from '../../shared/domain/permit/office.js';
import { runSequences } from '../../shared/domain/sequenceHost.js';
import { createAddress, rulesOf, sequenceStarts } from '../../shared/domain/sequences.js';
import { fromWire } from '../../shared/domain/ticks.js';
import { createFastWorld, holdModel } from '../../shared/domain/world.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';

/** Facts of each tick of a world run in memory with all its models and sequences. */
export async function runInMemory(world: World, ticks: number): Promise<readonly (readonly Fact[])[]> {
  const solver = await loadHighsSolver();
  const fast = createFastWorld({
    clock: { startMs: fromWire(world.clock.startTime), tickMinutes: world.clock.tickMinutes },
    models: [
      holdModel(createClusterModel(world)), holdModel(createFlexibilityModel(world)), holdModel(createPermitOfficeModel(world)),
      holdModel(createGridModel(world, solver)),
    ],
    sequences: runSequences({ rulesOf, starts: sequenceStarts(world), address: createAddress(world) }),
  });
  return Array.from({ length: ticks }, () => fast.tick());
}

/** True for what a sequence said. */
export function isOfSequence(fact: Fact): boolean {
  return /^(training|buildout|permit)-/.test(fact.component) && fact.component !== 'permit-office';
}
