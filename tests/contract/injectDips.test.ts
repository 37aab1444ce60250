import { describe, expect, it } from 'vitest';
import { checkIntent, targetsOf } from '../../services/api/inject.js';
import { initialView } from '../../services/api/view.js';
import { register } from '../../services/cli/commands/inject.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { runCommand } from '../support/commandLine.js';
import { facilityOf } from '../support/facilityWorld.js';

const world = {
  ...threeAreas,
  campuses: threeAreas.campuses.map((campus) => (campus.id === 'riverbend' ? { ...campus, facility: facilityOf() } : campus)),
};
const view = initialView(world);
const intent = (fields: object) => ({ action: 'dip-campus', target: 'riverbend', actor: 'operator', reason: 'drill', ...fields });

describe('dips that a person injects', () => {
  it('are aimed at campuses with a facility alone', () => {
    expect(targetsOf('dip-campus', world, view)).toEqual(['riverbend']);
    expect(() => checkIntent(intent({ target: 'mesa' }), world, view)).toThrow('target of dip-campus: found "mesa", allowed: riverbend');
    expect(() => checkIntent(intent({}), threeAreas, view)).toThrow('allowed: none at present');
  });

  it('come at the start of the tick, or at instants inside it, in order of time', () => {
    expect(checkIntent(intent({}), world, view)).not.toHaveProperty('atSeconds');
    expect(checkIntent(intent({ atSeconds: [40, 0, 15.5] }), world, view)).toMatchObject({
      action: 'dip-campus',
      atSeconds: [0, 15.5, 40],
    });
  });

  it.each([
    [{ atSeconds: [] }, /atSeconds: found \[\] for dip-campus, allowed: 1 to 100 numbers from 0 to below 300/],
    [{ atSeconds: [10, 300] }, /found \[10,300\] for dip-campus, allowed: 1 to 100 numbers from 0 to below 300/],
    [{ atSeconds: ['soon'] }, /found \["soon"\] for dip-campus/],
    [{ atSeconds: 5 }, /found 5 for dip-campus/],
    [{ action: 'trip-campus', atSeconds: [5] }, /found \[5\] for trip-campus, allowed: none beside action/],
  ])('are refused with %j', (fields, message) => {
    expect(() => checkIntent(intent(fields), world, view)).toThrow(message);
  });

  it('are read from the command line as numbers', async () => {
    await expect(runCommand(register, ['inject', 'dip-campus', 'riverbend', '--seconds', '0,soon'])).rejects.toThrow(
      '--seconds: found "0,soon", allowed: numbers from 0, as in 0,15,40',
    );
  });
});
