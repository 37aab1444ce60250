import { describe, expect, it } from 'vitest';
import { TwinError } from '../../shared/runtime/errors.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { checkedWorld } from '../../shared/scenario/validate.js';

/** The three areas as a file, with fields of their first run replaced. */
function worldWith(fields: Readonly<Record<string, unknown>>): unknown {
  const [first, ...others] = threeAreas.runs;
  return JSON.parse(JSON.stringify({ ...threeAreas, runs: [{ ...first, ...fields }, ...others] }));
}

function refusal(fields: Readonly<Record<string, unknown>>): string {
  try {
    checkedWorld(worldWith(fields), 'world.json');
  } catch (error) {
    expect(error).toBeInstanceOf(TwinError);
    return error instanceof TwinError ? error.message : '';
  }
  return 'accepted';
}

describe('failures of a run in a scenario', () => {
  it('may be left to the default, named, or left out', () => {
    expect(checkedWorld(worldWith({ failures: {} }), 'world.json').runs[0]?.failures).toEqual({});
    expect(checkedWorld(worldWith({ failures: { hoursPerFailure: 9_000 } }), 'world.json').runs[0]?.failures?.hoursPerFailure).toBe(9_000);
    expect(checkedWorld(worldWith({}), 'world.json').runs[0]).not.toHaveProperty('failures');
  });

  it.each([
    [{ failures: { hoursPerFailure: 0 } }, 'runs[0].failures.hoursPerFailure: found 0, allowed: a number in h above 0'],
    [{ failures: { hours: 3 } }, 'runs[0].failures.hours: found an unknown field, allowed: hoursPerFailure'],
    [{ failures: true }, 'runs[0].failures: found true, allowed: an object'],
    [
      { failures: { hoursPerFailure: 1_000 } },
      'runs[0].failures.hoursPerFailure: found 1000, a failure every 54.9 s on 65536 accelerators, ' +
        'allowed: at least 1390 h, so that 1 % of the time is useful',
    ],
    [{ failures: {}, saveSeconds: 600 }, 'runs[0].checkpointMinutes: found 3, allowed: above saveSeconds, 10 min, in a run that fails'],
  ])('are refused in one line: %j', (fields, line) => {
    expect(refusal(fields)).toBe(`world.json: ${line}`);
  });

  it('names a bound that is accepted, and one digit below it is not', () => {
    const hours = Number(/at least (\d+) h/.exec(refusal({ failures: { hoursPerFailure: 1_000 } }))?.[1]);
    expect(refusal({ failures: { hoursPerFailure: hours } })).toBe('accepted');
    expect(refusal({ failures: { hoursPerFailure: hours - 10 } })).toContain(`at least ${hours} h`);
  });
});
