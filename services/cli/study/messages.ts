import type { CellInput, CellResult } from '../../../shared/domain/study/cell.js';
import type { StudyCell } from '../../../shared/domain/study/cells.js';
import type { World } from '../../../shared/scenario/schema.js';

/** What a thread knows from its start. */
export interface ThreadStart extends Pick<CellInput, 'untilMs' | 'metrics' | 'stop' | 'samples' | 'begin' | 'keep'> {
  readonly base: World;
  /** How often a cell under way is kept, wall ms. */
  readonly keepEveryMs: number;
}

/** A cell to run, from its start or from where it was kept. */
export interface Order {
  readonly cell: StudyCell;
  /** A `SavedCell` as JSON. */
  readonly kept: string | null;
}

/** What a thread says while it runs a cell; the last word is `done` or `failed`. */
export type Word =
  | { readonly kind: 'ticks'; readonly ticks: number }
  | { readonly kind: 'keep'; readonly text: string }
  | { readonly kind: 'done'; readonly result: CellResult }
  | { readonly kind: 'failed'; readonly message: string };
