import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { oneOf, slug, text } from './fields.js';

export const severities = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];
/** `world`: part of what the twin simulates; `platform`: about the processes that carry it. */
export const origins = ['world', 'platform'] as const;

export const alarmRaised = defineEvent({
  type: 'alarm.raised.v1',
  kind: 'milestone',
  summary: 'Something needs an operator: what, how bad, what follows from it and what to do.',
  data: record({
    severity: oneOf(severities, 'How bad.'),
    origin: oneOf(origins, 'What it is about.'),
    subject: slug('Unit, campus, region, permit or component.'),
    summary: text('One sentence.'),
    consequence: text('What happens if nobody acts.'),
    action: text('What to do.'),
  }),
  example: {
    severity: 'high',
    origin: 'world',
    subject: 'system',
    summary: 'Operating reserve 870 MW is below its requirement of 950 MW.',
    consequence: 'The loss of the largest unit could not be covered.',
    action: 'Check that flexible load was called.',
  },
});

export const alarmAcknowledged = defineEvent({
  type: 'alarm.acknowledged.v1',
  kind: 'milestone',
  summary: 'An operator has taken note of an alarm.',
  data: record({ actor: text('Who.'), origin: oneOf(origins, 'What it is about.') }),
  example: { actor: 'operator', origin: 'world' },
});

export const alarmCleared = defineEvent({
  type: 'alarm.cleared.v1',
  kind: 'milestone',
  summary: 'The reason for an alarm is gone.',
  data: record({
    origin: oneOf(origins, 'What it is about.'),
    wasAcknowledged: Type.Boolean({ description: 'Whether an operator had taken note.' }),
  }),
  example: { origin: 'world', wasAcknowledged: true },
});
