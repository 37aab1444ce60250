import { it } from 'vitest';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { runInMemory, isOfSequence } from '../support/threeAreasRun.js';
it('x', async () => {
  const t = Date.now();
  const facts = (await runInMemory(threeAreas, 400));
  console.log(Date.now() - t, 'ms', facts.flat().length);
  for (const f of facts.flat()) if (isOfSequence(f)) console.log(f.tick, f.type, f.entity, JSON.stringify(f.data).slice(0,150));
}, 120000);
