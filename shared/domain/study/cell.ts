import type { ScriptEntry, World } from '../../scenario/schema.js';
import type { Study } from '../../scenario/study/schema.js';
import { dayMs, fromWire, minuteMs, tickStartMs, toWire } from '../ticks.js';
import type { Fact } from '../fact.js';
import type { LinearSolver } from '../grid/solver.js';
import { inputsOfActs, takeInputs } from '../outside.js';
import { createWholeWorld } from '../wholeWorld.js';
import type { SavedWorld } from '../world.js';
import { metricsNamed } from './catalogue.js';
import { createKeeper, type Keeping, type Kept, type SavedKeeper } from './keeping.js';
import { tallying, type Figures, type Tally } from './tally.js';

/** What a cell is run with. */
export interface CellInput {
  /** With every setting of the cell made. */
  readonly world: World;
  readonly untilMs: number;
  /** Absent: all. */
  readonly metrics: Study['metrics'];
  readonly stop: NonNullable<Study['stop']>;
  /** Instants at which figures are kept on the way; absent: none. */
  readonly samples?: number;
  /** The world as it stood where the cell begins; absent: it begins with the world. */
  readonly begin?: SavedWorld | undefined;
  /** What is done to the world on the way, as if a person had asked for it. */
  readonly acts?: readonly ScriptEntry[];
  /** What is kept beside the figures; absent: nothing. */
  readonly keep?: Keeping | undefined;
}

/** Figures on the way, by column, at ticks that are over; null: not known then. */
export interface Samples {
  readonly ticks: readonly number[];
  readonly figures: Readonly<Record<string, readonly (number | null)[]>>;
}

/** A cell between two ticks, plain JSON: it goes on as if it had never stopped. */
export interface SavedCell {
  readonly world: SavedWorld;
  readonly tally: Tally;
  /** Absent: none are kept. */
  readonly samples?: Samples;
  /** Absent: nothing is kept. */
  readonly keeper?: SavedKeeper;
}

/** What a cell gives. */
export interface CellResult {
  readonly ticks: number;
  /** Instant it was run up to: the end of the horizon, or where a rule stopped it. */
  readonly reachedTime: string;
  /** The rule that stopped it, in words; null: none. */
  readonly stoppedBy: string | null;
  readonly figures: Figures;
  /** Absent: the study keeps none. */
  readonly samples?: Samples;
  /** Absent: the study keeps nothing. */
  readonly kept?: Kept;
}

/** A cell that is under way. */
export interface RunningCell {
  readonly ticks: number;
  readonly ticksInAll: number;
  /** Runs some more ticks at most; answers the result once there is one. */
  advance(ticks: number): CellResult | null;
  /** Between two `advance`; states are shared, so whoever keeps it writes it down as JSON. */
  save(): SavedCell;
}

/** Ticks of a world from its start up to an instant, whole ones; a cell that begins later has so many less. */
export function ticksUntil({ clock }: World, untilMs: number): number {
  return Math.floor((untilMs - fromWire(clock.startTime)) / (clock.tickMinutes * minuteMs));
}

/** Begins a cell, or goes on where it was saved. Its result depends on its input alone, however it is cut into pieces. */
export function startCell(input: CellInput, solver: LinearSolver, saved?: SavedCell): RunningCell {
  const { world, untilMs, stop } = input;
  const clock = { startMs: fromWire(world.clock.startTime), tickMinutes: world.clock.tickMinutes };
  const tickMs = clock.tickMinutes * minuteMs;
  const startMs = tickStartMs(clock, input.begin?.nextTick ?? 0);
  const meters = tallying(metricsNamed(input.metrics), { world, startMs, tickMs });
  const keeper = input.keep === undefined ? null : createKeeper(input.keep, saved?.keeper);
  const wantedTypes = new Set([...meters.hears, ...(keeper?.hears ?? [])]);
  const running = createWholeWorld(world, solver, { saved: saved?.world ?? input.begin, wanted: wantedTypes });
  const first = input.begin?.nextTick ?? 0;
  const ticksInAll = ticksUntil(world, untilMs) - first;
  const ticksMade = (): number => running.nextTick - first;
  const inputs = inputsOfActs(world, input.acts ?? []);
  const ticksOfDay = Math.max(1, Math.round(dayMs / tickMs));
  // A tally is changed in place: what was saved stays as it is.
  const tally = structuredClone(saved?.tally) ?? meters.start();

  let samples = saved?.samples ?? noSamples;
  const wanted = input.samples ?? 0;

  const reachedMs = (): number => tickStartMs(clock, running.nextTick);
  const resultOf = (figures: Figures, stoppedBy: string | null): CellResult => ({
    ticks: ticksMade(),
    reachedTime: toWire(reachedMs()),
    stoppedBy,
    figures,
    ...(wanted === 0 ? {} : { samples }),
    ...(keeper === null ? {} : { kept: keeper.kept() }),
  });
  const hear = (facts: readonly Fact[], tick: number): void => {
    meters.hear(tally, facts);
    keeper?.hear(facts, tickStartMs(clock, tick));
  };
  /** Rules are looked at once a day of the twin, so that no cut into pieces matters. */
  const result = (): CellResult | null => {
    const isOver = ticksMade() >= ticksInAll;
    if (!isOver && (stop.length === 0 || ticksMade() % ticksOfDay !== 0)) return null;
    const figures = meters.figures(tally, reachedMs());
    const stoppedBy = stop.map((rule) => brokenBy(rule, figures)).find((words) => words !== null) ?? null;
    return isOver || stoppedBy !== null ? resultOf(figures, stoppedBy) : null;
  };
  return {
    get ticks() {
      return ticksMade();
    },
    ticksInAll,
    advance: (ticks) => {
      for (let made = 0; made < ticks && ticksMade() < ticksInAll; made++) {
        if (inputs.length > 0) meters.hear(tally, takeInputs(running, inputs));
        hear(running.tick(), running.nextTick - 1);
        if (isSampled(ticksMade(), ticksInAll, wanted)) samples = withSample(samples, ticksMade(), meters.figures(tally, reachedMs()));
        const found = result();
        if (found !== null) return found;
      }
      return ticksMade() >= ticksInAll ? result() : null;
    },
    save: () => ({
      world: running.save(),
      tally: structuredClone(tally),
      ...(wanted === 0 ? {} : { samples }),
      ...(keeper === null ? {} : { keeper: keeper.save() }),
    }),
  };
}

const noSamples: Samples = { ticks: [], figures: {} };

/** Whether figures are kept once so many of all ticks are over: `wanted` times, the last at the end. */
function isSampled(ticks: number, ticksInAll: number, wanted: number): boolean {
  return Math.floor((ticks * wanted) / ticksInAll) > Math.floor(((ticks - 1) * wanted) / ticksInAll);
}

/** A column that comes later was not known before. */
function withSample({ ticks, figures }: Samples, tick: number, now: Figures): Samples {
  const columns = [...new Set([...Object.keys(figures), ...Object.keys(now)])];
  const before = ticks.map(() => null);
  return {
    ticks: [...ticks, tick],
    figures: Object.fromEntries(columns.map((column) => [column, [...(figures[column] ?? before), now[column] ?? null]])),
  };
}

/** The rule in words when the figures break it; null when they do not. */
function brokenBy({ column, above, below }: CellInput['stop'][number], figures: Figures): string | null {
  const value = figures[column];
  if (value === undefined || value === null) return null;
  if (above !== undefined && value > above) return `${column} above ${above}`;
  return below !== undefined && value < below ? `${column} below ${below}` : null;
}
