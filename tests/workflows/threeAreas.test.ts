import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeFact } from '../../shared/bus/envelope.js';
import { readAll } from '../../shared/bus/read.js';
import { compareFacts, type Fact } from '../../shared/domain/fact.js';
import { sequenceStarts } from '../../shared/domain/sequences.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { startSequenceBench, type SequenceBench } from '../support/sequences.js';
import { isOfSequence, runInMemory, runInTemporal } from '../support/threeAreasRun.js';

/** A day and five hours: the first evening's curtailment with its settlement, and the energization of mesa's second block. */
const ticks = 345;

let bench: SequenceBench;
beforeAll(async () => {
  bench = await startSequenceBench({ workflows: 'real' });
  await bench.startWorker();
}, 120_000);
afterAll(() => bench.stop(), 60_000);

const bytesOf = (facts: readonly Fact[]): readonly string[] =>
  [...facts].sort(compareFacts).map((fact) => new TextDecoder().decode(encodeFact(fact)));

describe('the sequences of three-areas', () => {
  it('say in Temporal byte for byte what they say in memory', async () => {
    const said = await runInMemory(threeAreas, ticks);
    const expected = said.flat().filter(isOfSequence);
    expect(new Set(expected.map((fact) => fact.type))).toEqual(
      new Set([
        'buildout.block.v1',
        'buildout.order.v1',
        'buildout.stage.v1',
        'control.command.v1',
        'permit.phase.v1',
        'training.phase.v1',
        'training.settlement.v1',
        'training.verification.v1',
      ]),
    );
    const perSecond = await runInTemporal(threeAreas, bench.sequences(sequenceStarts(threeAreas)), said);
    expect(perSecond).toBeGreaterThan(0);
    const stored = await readAll(await bench.servers.connect('supervisor'), {});
    expect(bytesOf(stored.map(({ fact }) => fact))).toEqual(bytesOf(expected));
  }, 300_000);
});
