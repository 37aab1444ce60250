import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { count, instant, minutes, oneOf, slug, text } from './fields.js';

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
    cause: Type.Optional(slug('Alarm it follows from: the first that stands of those that may have caused it; absent: none.')),
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

export const alarmShelved = defineEvent({
  type: 'alarm.shelved.v1',
  kind: 'milestone',
  summary:
    'An operator has put an alarm aside until an instant, or it is back: at that instant by itself, or because an operator took it back.',
  data: record({
    state: oneOf(['shelved', 'back'], 'From now on.'),
    untilTime: instant('When it comes back by itself, twin time; when it came back.'),
    actor: text('Who; `time`: by itself.'),
    reason: text('Why.'),
    origin: oneOf(origins, 'What it is about.'),
  }),
  example: { state: 'shelved', untilTime: '2027-07-14T01:00:00.000Z', actor: 'ana', reason: 'unit is being tested', origin: 'world' },
});

export const alarmService = defineEvent({
  type: 'alarm.service.v1',
  kind: 'milestone',
  summary: 'An operator has taken an alarm out of service, or put it back: out of service it asks for nobody until it is put back.',
  data: record({
    state: oneOf(['out', 'in'], 'From now on.'),
    actor: text('Who.'),
    reason: text('Why.'),
    origin: oneOf(origins, 'What it is about.'),
  }),
  example: { state: 'out', actor: 'ana', reason: 'meter is being replaced', origin: 'world' },
});

export const alarmFlood = defineEvent({
  type: 'alarm.flood.v1',
  kind: 'milestone',
  summary: 'More alarms of the world were raised than a person can follow, or no longer.',
  data: record({
    state: oneOf(['flood', 'over'], 'From now on.'),
    raised: count('Alarms raised in the window that ends now.'),
    windowMinutes: minutes('Length of the window, twin time.'),
    origin: oneOf(origins, 'What it is about.'),
  }),
  example: { state: 'flood', raised: 11, windowMinutes: 10, origin: 'world' },
});
