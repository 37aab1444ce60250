import { auditActions } from './control.js';
import { defineEvent, record } from './define.js';
import { oneOf, slug, text } from './fields.js';

export const controlProposal = defineEvent({
  type: 'control.proposal.v1',
  kind: 'milestone',
  summary:
    'Something away from safety that one person proposes and another confirms, where the world asks for two; it has no effect by itself.',
  data: record({
    proposal: text('Id.'),
    state: oneOf(['proposed', 'confirmed', 'withdrawn'], 'From now on; one that nobody confirms in ten minutes waits no longer.'),
    action: oneOf(auditActions, 'What is asked for.'),
    target: slug('Of what.'),
    actor: text('Who proposed it.'),
    by: text('Who did what is told here.'),
    effect: text('What it would do, as it was shown.'),
    reason: text('Why.'),
  }),
  example: {
    proposal: '5f0c2f3e-9f0a-4a53-9a0e-0c6a5c1b2d3e',
    state: 'proposed',
    action: 'resume-run',
    target: 'cinder',
    actor: 'ana',
    by: 'ana',
    effect: 'cinder draws 13 MW and rises by up to 53 MW after 240 s of restart',
    reason: 'the peak is over',
  },
});

export const controlNote = defineEvent({
  type: 'control.note.v1',
  kind: 'milestone',
  summary: 'A line of the shift log: what a person wants the next shift to know; it has no effect.',
  data: record({ actor: text('Who.'), note: text('What.') }),
  example: { actor: 'ana', note: 'Unit central-cc-3 is back on Thursday; call the plant before.' },
});
