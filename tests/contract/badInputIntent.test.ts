import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkIntent, targetsOf } from '../../services/api/inject.js';
import { initialView, observe } from '../../services/api/view.js';
import type { View } from '../../services/api/viewTypes.js';
import { toWire } from '../../shared/domain/ticks.js';
import { auditActions } from '../../shared/events/control.js';
import { definitionOf } from '../../shared/events/registry.js';
import { campusBuild } from '../../shared/scenario/processes/campusBuild.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { anyValue, complaintAboutLine, everyCase, spoilt, tried } from '../support/badInput.js';
import { minute, said, startMs } from '../support/clusterWorld.js';

/** What is seen once a load target stands and an alarm is on, so that there is something to extend and to acknowledge. */
function seen(world: typeof threeAreas): View {
  const request = said('control.request.v1', 'riverbend', { tick: 0 }, requestData());
  const alarm = said('alarm.raised.v1', 'grid-short', { tick: 0 }, exampleOf('alarm.raised.v1'));
  const view = [request, alarm].reduce<View>(observe, initialView(world));
  return { ...view, system: { ...view.system, mark: { tick: 0, phase: 3, timeMs: startMs, tickMinutes: 5 } } };
}

function exampleOf(type: 'alarm.raised.v1') {
  const definition = definitionOf(type);
  if (definition === undefined) throw new Error(`${type}: not declared`);
  return definition.example as never;
}

function requestData() {
  const definition = definitionOf('control.request.v1');
  if (definition === undefined) throw new Error('control.request.v1: not declared');
  return { ...definition.example, request: 'peak', state: 'active' } as never;
}

/** A sound body of each action. */
function bodyOf(action: (typeof auditActions)[number], target: string): Readonly<Record<string, unknown>> {
  const who = { action, target, actor: 'ada', reason: 'drill' };
  const later = toWire(startMs + 24 * 3_600_000);
  switch (action) {
    case 'curtail-campus':
    case 'curtail-fleet':
      return {
        ...who,
        amountMw: 20,
        request: 'new',
        targetKind: 'reduction',
        fromTime: toWire(minute(60)),
        untilTime: later,
        rampMinutes: 5,
        isBestEffort: true,
      };
    case 'extend-campus':
      return { ...who, request: 'peak', untilTime: later };
    case 'dip-campus':
      return { ...who, atSeconds: [1, 2.5] };
    case 'move-run':
      return { ...who, destination: 'riverbend' };
    case 'slip-equipment':
      return { ...who, days: 30 };
    case 'shelve-alarm':
      return { ...who, untilTime: later };
    default:
      return who;
  }
}

describe('what a person asks for', () => {
  const worlds = [threeAreas, campusBuild].map((world) => ({ world, view: seen(world) }));

  /** Taken, it fits its declaration; else it is refused in one line. */
  const complaintOf = (body: unknown): string | null => {
    for (const { world, view } of worlds) {
      const complaint = tried(() => {
        const violation = definitionOf('control.audit.v1')?.violation({ ...checkIntent(body, world, view), accepted: true }) ?? null;
        if (violation !== null) throw new Error(`is taken, and does not fit: ${violation}`);
      });
      if (complaint !== null) return complaint;
    }
    return null;
  };

  test.each(auditActions)('%s with something wrong is refused in one line, or fits', (action) => {
    const { world, view } = worlds.find((one) => targetsOf(action, one.world, one.view).length > 0) ?? {
      world: threeAreas,
      view: initialView(threeAreas),
    };
    const sound = bodyOf(action, targetsOf(action, world, view)[0] ?? 'nothing');
    if (sound['target'] !== 'nothing') expect(checkIntent(sound, world, view)).toMatchObject({ action, target: sound['target'] });
    everyCase(fc.oneof({ weight: 9, arbitrary: spoilt(sound) }, { weight: 1, arbitrary: anyValue }), complaintOf);
  });

  test('of any form is refused in one line', () => {
    everyCase(anyValue, complaintOf);
  });

  test.each(['action', 'target', 'actor', 'reason', 'amountMw', 'untilTime', 'odd'])(
    'with half a million lists in its %s is refused in one line',
    (field) => {
      const text = JSON.stringify({ ...bodyOf('curtail-campus', 'riverbend'), [field]: 'HERE' }).replace(
        '"HERE"',
        '['.repeat(500_000) + ']'.repeat(500_000),
      );
      expect(complaintOf(JSON.parse(text))).toBeNull();
    },
  );

  test('is refused by a line that does not repeat a megabyte', () => {
    const refused = (): unknown => checkIntent({ action: 'x'.repeat(2 ** 20) }, threeAreas, initialView(threeAreas));
    expect(refused).toThrow(`action: found "${'x'.repeat(56)}..., allowed: `);
    expect(complaintAboutLine('a\nb')).toContain('more than one line');
  });
});
