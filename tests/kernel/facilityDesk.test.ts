import { describe, expect, test } from 'vitest';
import { createAlarmModel } from '../../shared/domain/alarm/alarms.js';
import { createFlexibilityModel } from '../../shared/domain/flexibility/model.js';
import type { Fact } from '../../shared/domain/fact.js';
import { definitionOf } from '../../shared/events/registry.js';
import type { FactDataOf } from '../../shared/domain/fact.js';
import { audit, of, riverbend, said, solo } from '../support/clusterWorld.js';

const example = definitionOf('cluster.transfer.v1')?.example as FactDataOf['cluster.transfer.v1'];
const transfer = (tick: number): Fact => said('cluster.transfer.v1', 'riverbend', { tick }, example);
const limit = (tick: number, limitMw: number): Fact =>
  said('cluster.limit.v1', 'riverbend', { tick }, { limitMw, previousLimitMw: 600 - limitMw, reason: 'test' });

describe('those who deal with a campus that transferred itself', () => {
  test('its contracts offer nothing from the next tick on, until a person returns it', () => {
    const desk = solo(createFlexibilityModel(riverbend()));
    const offered = (heard: readonly Fact[] = []): number =>
      of(desk.run(heard), 'control.offer.v1')[0]?.data.offers.reduce((sum, { offerMw }) => sum + offerMw, 0) ?? -1;
    expect(offered([transfer(0)])).toBeGreaterThan(0);
    expect(offered()).toBe(0);
    expect(offered([audit('return-campus', 'riverbend', 2)])).toBe(0);
    expect(offered()).toBeGreaterThan(0);
  });

  test('an alarm stands until the campus has its limit back', () => {
    const model = createAlarmModel(riverbend());
    const raised = model.observe(model.initial(), transfer(0));
    expect(raised.sayings.map(({ type, entity }) => `${type} ${entity}`)).toEqual(['alarm.raised.v1 transfer-riverbend']);
    const down = model.observe(raised.state, limit(0, 0));
    expect(down.sayings).toEqual([]);
    expect(model.observe(down.state, limit(9, 600)).sayings.map(({ type }) => type)).toEqual(['alarm.cleared.v1']);
  });
});
