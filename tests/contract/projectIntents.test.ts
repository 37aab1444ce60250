import { describe, expect, it } from 'vitest';
import { checkIntent, refusalOf } from '../../services/api/inject.js';
import { initialView, observe } from '../../services/api/view.js';
import { campusBuild } from '../../shared/scenario/processes/campusBuild.js';
import { factAt } from '../support/projectWorld.js';

const view = initialView(campusBuild);
const asked = (fields: Readonly<Record<string, unknown>>) => checkIntent({ actor: 'ann', reason: 'drill', ...fields }, campusBuild, view);

describe('what a person may ask of a project', () => {
  it('is that equipment slips by days, and that a gate is decided', () => {
    expect(asked({ action: 'slip-equipment', target: 'mesa-2-transformer', days: 90 })).toMatchObject({ days: 90, amountMw: null });
    expect(asked({ action: 'go-gate', target: 'mesa-investment' })).toMatchObject({ action: 'go-gate', target: 'mesa-investment' });
  });

  it.each([
    [{ action: 'slip-equipment', target: 'mesa-2-transformer' }, 'days: found nothing, allowed: a number of days above 0, up to 3650'],
    [{ action: 'slip-equipment', target: 'mesa-2-transformer', days: -4 }, 'days: found -4, allowed: a number of days above 0, up to 3650'],
    [
      { action: 'slip-equipment', target: 'mesa-air', days: 4 },
      'target of slip-equipment: found "mesa-air", allowed: mesa-2-transformer, mesa-3-transformer, mesa-4-transformer, mesa-4-turbine, mesa-5-transformer',
    ],
    [{ action: 'no-go-gate', target: 'mesa' }, 'target of no-go-gate: found "mesa", allowed: harbor-investment, mesa-investment'],
    [
      { action: 'go-gate', target: 'mesa-investment', days: 3 },
      'days: found 3 for go-gate, allowed: none beside action, target, actor and reason',
    ],
  ])('is refused in one line when it cannot be: %j', (fields, line) => {
    expect(() => asked(fields)).toThrow(line);
  });

  it('is a decision on a permit only while that is open, and a revocation only of a grant', () => {
    const phase = factAt('permit.phase.v1', 'mesa-air', 3, {
      project: 'mesa',
      agency: 'state-air-board',
      phase: 'granted',
      previousPhase: 'under-review',
      deadlineTime: null,
    });
    const deny = asked({ action: 'deny-permit', target: 'mesa-air' });
    const revoke = asked({ action: 'revoke-permit', target: 'mesa-air' });
    expect([refusalOf(deny, campusBuild, view), refusalOf(revoke, campusBuild, view)]).toEqual([
      null,
      'mesa-air: is drafting, not granted',
    ]);
    const granted = observe(view, phase);
    expect([refusalOf(deny, campusBuild, granted), refusalOf(revoke, campusBuild, granted)]).toEqual([
      'mesa-air: is already granted',
      null,
    ]);
    const decision = {
      agency: 'state-air-board',
      outcome: 'revoked' as const,
      reason: 'vacated',
      effectiveTime: '2028-01-01T00:00:00.000Z',
    };
    const revoked = observe(granted, factAt('permit.decision.v1', 'mesa-air', 4, decision));
    expect([refusalOf(deny, campusBuild, revoked), refusalOf(revoke, campusBuild, revoked)]).toEqual([
      null,
      'mesa-air: is under-review, not granted',
    ]);
  });
});
