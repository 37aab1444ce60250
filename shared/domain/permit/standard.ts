import type { ProcessType } from './standardWords.js';

/** Records of the NEPA and Permitting Data Standard 1.0, as far as they are written and read here. Field names are its own. */
export interface StandardProject {
  readonly project_id: string;
  readonly project_title: string;
  readonly project_description: string;
  readonly project_sector: string;
  readonly project_sponsor: { readonly name: string };
  readonly lead_agency: string;
  readonly location: { readonly description: string };
  readonly start_date?: string;
  readonly current_status?: 'pre-application' | 'underway' | 'paused' | 'completed';
}

/** One review. */
export interface StandardProcess {
  readonly process_id: string;
  readonly project_id: string;
  readonly process_type: ProcessType;
  readonly process_status: string;
  readonly lead_agency: string;
  readonly process_stage?: string;
  readonly start_date?: string;
  readonly completion_date?: string;
  readonly process_outcome?: string;
  readonly notes?: string;
}

/** Something that happened in a review, on a day. */
export interface StandardEvent {
  readonly case_event_id: string;
  readonly process_id: string;
  readonly event_name: string;
  readonly event_date: string;
  readonly event_type: string;
  readonly status?: 'pending' | 'completed' | 'in progress';
  readonly outcome?: string;
  readonly assigned_entity?: string;
  readonly description?: string;
}

/** A file of such records. */
export interface StandardRecords {
  readonly projects: readonly StandardProject[];
  readonly processes: readonly StandardProcess[];
  readonly case_events: readonly StandardEvent[];
}
