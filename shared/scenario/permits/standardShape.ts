import { Type, type Static } from 'typebox';
import { processStatuses, processTypes } from '../../domain/permit/standardWords.js';

const text = (description: string) => Type.String({ description });
const day = (description: string) => Type.String({ format: 'date', description });
const named = <const Words extends readonly string[]>(words: Words, description: string) =>
  Type.Unsafe<Words[number]>({ type: 'string', enum: [...words], description });

/** The part of the NEPA and Permitting Data Standard 1.0 that is read here; fields beside these may stand in a file and are let be. */
export const standardShape = Type.Object({
  projects: Type.Array(
    Type.Object({
      project_id: text('Name of the project.'),
      project_title: text('For people.'),
      project_description: text('What it is.'),
      project_sector: text('energy, transportation, land management, or another.'),
      project_sponsor: Type.Object({ name: text('Who wants it.') }),
      lead_agency: text('Who prepares its review.'),
      location: Type.Object({ description: text('Where it is.') }),
      start_date: Type.Optional(day('Of its review.')),
      current_status: Type.Optional(named(['pre-application', 'underway', 'paused', 'completed'], 'Where it stands.')),
    }),
  ),
  processes: Type.Optional(
    Type.Array(
      Type.Object({
        process_id: text('Name of the review.'),
        project_id: text('Its project.'),
        process_type: named(processTypes, 'Level of the review.'),
        process_status: text(`${processStatuses.join(', ')}, or another word.`),
        lead_agency: text('Who prepares it.'),
        process_stage: Type.Optional(text('Where it stands now.')),
        start_date: Type.Optional(day('It began.')),
        completion_date: Type.Optional(day('It ended.')),
        process_outcome: Type.Optional(text('How it ended.')),
      }),
    ),
  ),
  case_events: Type.Optional(
    Type.Array(
      Type.Object({
        case_event_id: text('Name of the event.'),
        process_id: text('Its review.'),
        event_name: text('For people.'),
        event_date: day('When it was.'),
        event_type: text('Class, such as NOI, ROD.'),
        status: Type.Optional(named(['pending', 'completed', 'in progress'], 'Whether it has been.')),
      }),
    ),
  ),
});

export type StandardFile = Static<typeof standardShape>;
