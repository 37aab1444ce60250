import type { DcConvention } from '../../../shared/domain/grid/convention.js';
import type { World } from '../../../shared/scenario/schema.js';
import type { DispatchAnswer } from './answer.js';

/** What can be said about some problems only; each problem names those it takes. */
export interface SpecialOptions {
  readonly security?: string;
  readonly foresight?: string;
  readonly reserve?: string;
  readonly reservePrice?: string;
  readonly stopCostRatio?: string;
  readonly runIn?: string;
  readonly withoutStorage?: boolean;
}

/** Options of `dispatch`, as they were written. */
export interface DispatchOptions extends SpecialOptions {
  readonly hours?: string;
  readonly problem: string;
  readonly dc: string;
  readonly outages?: string;
  readonly lostLoad?: string;
  readonly detail?: boolean;
  readonly json?: boolean;
}

/** What is the same for every problem, read and checked. */
export interface DispatchRequest {
  readonly world: World;
  /** From the start of the series; `toHour` is not included, and the series end before `endHour`. */
  readonly fromHour: number;
  readonly toHour: number;
  readonly endHour: number;
  readonly convention: DcConvention;
  readonly outageSeed: number | null;
  readonly wantsDetail: boolean;
  readonly special: SpecialOptions;
  /** Says a line about how far it is; not more often than people read. */
  say(line: string): void;
}

/** A way to pose the dispatch of a network. */
export interface Problem {
  /** In a few words, for the help. */
  readonly summary: string;
  readonly takes: readonly (keyof SpecialOptions)[];
  readonly run: (request: DispatchRequest) => Promise<DispatchAnswer>;
}
