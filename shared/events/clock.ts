import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { count, instant, minutes, oneOf, optionalInstant, slug, text } from './fields.js';

export const clockMark = defineEvent({
  type: 'clock.mark.v1',
  kind: 'state',
  summary: 'Opens a phase of a tick: whoever takes part reads up to `throughSequence`, speaks, and answers `done`.',
  data: record({
    tick: count('Number of the tick since the start of the world.'),
    phase: Type.Integer({ minimum: 1, maximum: 4, description: '1 wants and offers, 2 grid, 3 deeds, 4 between this tick and the next.' }),
    tickMinutes: minutes('Length of the tick.'),
    tickStartTime: Type.Optional(instant('When the tick began; given where the mark is later, in phase 4.')),
    throughSequence: count('Stream sequence up to which participants must have read before they speak.'),
  }),
  example: { tick: 12, phase: 1, tickMinutes: 5, throughSequence: 1042 },
});

export const clockTick = defineEvent({
  type: 'clock.tick.v1',
  kind: 'state',
  summary: 'Closes a tick: every phase has been answered, or the participants named in `missing` were carried forward.',
  data: record({
    tick: count('Number of the tick that closed.'),
    missing: Type.Array(slug('Participant that did not answer in time.'), { description: 'Empty in lock-step.' }),
  }),
  example: { tick: 12, missing: [] },
});

export const clockRate = defineEvent({
  type: 'clock.rate.v1',
  kind: 'milestone',
  summary: 'How twin time runs from here on: paused, at a finite rate, or as fast as everyone can follow.',
  data: record({
    mode: oneOf(['paused', 'rate', 'max'], 'How the clock advances.'),
    rate: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()], {
      description: 'Twin seconds per wall second; null unless mode is `rate`.',
    }),
    holdAtTime: optionalInstant('Twin instant at which the clock pauses by itself; null: none.'),
    epoch: count('Rises with every change; the newest wins.'),
    reason: text('Who or what asked for it.'),
  }),
  example: { mode: 'rate', rate: 1800, holdAtTime: null, epoch: 3, reason: 'scenario' },
});
