import { it } from 'vitest';
import { countingStart } from '../support/countingRules.js';
import { startSequenceBench } from '../support/sequences.js';
it('stalls', async () => {
  const bench = await startSequenceBench();
  await bench.startWorker();
  for (let k = 0; k < 40; k++) {
    const parent = `buildout-${k}`;
    const kids = ['a', 'b', 'c'].map((n, i) => countingStart(`permit-${k}-${n}`, { periodMs: 1000, wakes: i + 2 }, { kind: 'permit', parent }));
    const starts = [countingStart(parent, { periodMs: 4000, wakes: 3, children: kids, cancels: [`permit-${k}-b`] }, { kind: 'buildout' }), countingStart(`training-${k}`, { periodMs: 3000, wakes: 99 })];
    const host = bench.bridge(starts);
    let state = host.initial();
    for (let tick = 0; tick < 14; tick++) {
      const t0 = Date.now();
      state = (await host.speak(state, { tick, phase: 1, startMs: tick * 1000, tickMs: 1000 })).state;
      if (Date.now() - t0 > 1500) process.stderr.write(`slow ${k} tick ${tick} ${Date.now() - t0}\n`);
    }
    for (const id of [parent, `training-${k}`, ...kids.map((c) => c.id)]) {
      const h = await bench.client.getHandle(id).fetchHistory();
      for (const e of h.events ?? []) if (e.workflowTaskTimedOutEventAttributes || e.workflowTaskFailedEventAttributes) process.stderr.write(`${id} ${e.eventId} timedout ${JSON.stringify(e.workflowTaskTimedOutEventAttributes ?? e.workflowTaskFailedEventAttributes)}\n`);
    }
  }
  await bench.stop();
}, 300000);
