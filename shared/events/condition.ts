import { defineEvent, record } from './define.js';
import { flag, oneOf, slug, text } from './fields.js';
import { severities } from './alarm.js';

export const conditionPlatform = defineEvent({
  type: 'condition.platform.v1',
  kind: 'milestone',
  summary: 'Something about the processes that carry the twin began or ended: a server restarted, the clock waits, history is off.',
  data: record({
    condition: slug('What kind of trouble.'),
    component: slug('Server or service.'),
    active: flag('True when it begins, false when it ends.'),
    severity: oneOf(severities, 'How bad.'),
    detail: text('One sentence with the reason and, where there is one, the fix.'),
  }),
  example: {
    condition: 'restarted',
    component: 'nats-server',
    active: true,
    severity: 'medium',
    detail: 'nats-server ended with signal SIGKILL; restart 1 in 0.2 s',
  },
});
