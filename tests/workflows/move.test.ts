import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeFact } from '../../shared/bus/envelope.js';
import { readAll } from '../../shared/bus/read.js';
import { compareFacts, type Fact } from '../../shared/domain/fact.js';
import { sequenceStarts } from '../../shared/domain/sequences.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { startSequenceBench, type SequenceBench } from '../support/sequences.js';
import { isOfSequence, runInMemory, runInTemporal } from '../support/threeAreasRun.js';

/** An hour in, dune goes to riverbend; in the evening it is called with the runs there. */
const world: typeof threeAreas = {
  ...threeAreas,
  script: [
    ...threeAreas.script,
    { atTime: '2027-07-13T18:00:00.000Z', action: 'move-run', target: 'dune', destination: 'riverbend', reason: 'cheaper there' },
  ],
};
const ticks = 100;

let bench: SequenceBench;
beforeAll(async () => {
  bench = await startSequenceBench({ workflows: 'real' });
  await bench.startWorker();
}, 120_000);
afterAll(() => bench.stop(), 60_000);

const bytesOf = (facts: readonly Fact[]): readonly string[] =>
  [...facts].sort(compareFacts).map((fact) => new TextDecoder().decode(encodeFact(fact)));

describe('the sequence of a run that moves', () => {
  it('says in Temporal byte for byte what it says in memory, from the destination on', async () => {
    const said = await runInMemory(world, ticks);
    const expected = said.flat().filter(isOfSequence);
    const ofDune = expected.filter(({ entity }) => entity === 'dune');
    expect(new Set(ofDune.map(({ region }) => region))).toEqual(new Set(['west', 'central']));
    await runInTemporal(world, bench.sequences(sequenceStarts(world)), said);
    const stored = await readAll(await bench.servers.connect('supervisor'), {});
    expect(bytesOf(stored.map(({ fact }) => fact))).toEqual(bytesOf(expected));
  }, 300_000);
});
