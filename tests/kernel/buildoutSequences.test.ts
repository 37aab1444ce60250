import { describe, expect, it } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import type { Delivered } from '../../shared/domain/sequenceDesk.js';
import { createAddress, rulesOf, sequenceHears, sequenceStarts } from '../../shared/domain/sequences.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { factAt } from '../support/projectWorld.js';

/** A load target of riverbend, said in the tick of an hour. */
function target(epoch: number, hour: number): Fact {
  const untilTime = '2027-07-14T03:45:00.000Z';
  const one = {
    campus: 'riverbend',
    epoch,
    reductionMw: 50,
    fromTime: '2027-07-13T23:45:00.000Z',
    untilTime,
    rampMinutes: 15,
    contracts: [],
    reason: '',
  };
  return factAt('control.loadtarget.v1', 'central', hour, { targets: [one] });
}
const atRiverbend = threeAreas.runs.filter((run) => run.campus === 'riverbend').map((run) => `training-${run.id}`);

describe('the sequences of a world', () => {
  it('are one per training run and one per project, each with its rules', () => {
    const starts = sequenceStarts(threeAreas);
    expect(starts.map((start) => start.id)).toEqual([...threeAreas.runs.map((run) => `training-${run.id}`), 'buildout-mesa']);
    for (const kind of ['training', 'buildout', 'permit'] as const) expect(rulesOf(kind).kind).toBe(kind);
  });

  it('hear reviews and decisions of their own permit, and no queues', () => {
    const address = createAddress(threeAreas);
    const data = { agency: 'board', step: 'started', effortDays: 0, dueTime: null } as const;
    expect(address({}, factAt('permit.review.v1', 'mesa-block-3-air', 1, data)).ids).toEqual(['permit-mesa-block-3-air']);
    const positions = { reviewers: 1, busyReviewers: 0, waitingApplications: 0, positions: [] };
    expect(address({}, factAt('permit.queue.v1', 'board', 1, positions)).ids).toEqual([]);
    expect(sequenceHears).toContain('permit.decision.v1');
  });

  it('hear a load target once per epoch, however often it is repeated', () => {
    const address = createAddress(threeAreas);
    let delivered: Delivered = {};
    const heard = [target(0, 1), target(1, 2), target(1, 3), target(2, 4), target(2, 5)].map((fact) => {
      const addressed = address(delivered, fact);
      delivered = addressed.delivered;
      return addressed.ids;
    });
    expect(heard).toEqual([[], atRiverbend, [], atRiverbend, []]);
  });
});
