import type { Saying } from '../fact.js';
import { checkpointBytesOf, transferSeconds } from '../fleet/checkpoint.js';
import { withArrival, type Moved } from '../fleet/moved.js';
import { moveRefusal } from '../fleet/moveRefusal.js';
import type { Standing } from '../fleet/standing.js';
import { toWire } from '../ticks.js';
import { idleRise } from './commands.js';
import { pauseNow } from './descent.js';
import { flatPath, powerAt } from './powerPath.js';
import { progressAt } from './progress.js';
import { campusIndex, published, runIndex, setRun, type CampusWork, type Draft, type Move, type Order, type Site } from './state.js';
import { runStateAt } from './states.js';

/** What a person or a script asks of a run. */
export interface MoveAsk {
  readonly run: string;
  readonly to: string;
  /** Names the ask in a refusal. */
  readonly order: string;
  readonly reason: string;
}

/**
 * Sends a run to another campus, or refuses: it saves and pauses at once, and its checkpoint is on its way as soon as it stands. Until that
 * has arrived it stands where it was; room for it is kept at its destination.
 */
export function beginMove(draft: Draft, ask: MoveAsk): void {
  const place = placeOfRun(draft, ask.run);
  if (place === null) return;
  const { index, site, campus } = place;
  const refusal = refusalOf(draft, place, ask);
  if (refusal !== null) {
    const data = { order: `move/${ask.order}`, result: 'refused' as const, reason: refusal, setPointMw: 0, reductionMw: 0 };
    draft.sayings.push({ type: 'control.outcome.v1', region: site.region, entity: ask.run, data });
    return;
  }
  const run = draft.frame.home[index];
  const isRunning = draft.runs[index]?.mode === 'running';
  if (run === undefined) return;
  if (isRunning) pauseNow(draft, site, index, campus.order.epoch);
  else setRun(draft, index, {});
  const bytes = checkpointBytesOf(run);
  const savedMs = draft.startMs + (isRunning ? Math.round(run.saveSeconds * 1_000) : 0);
  const arrivesAtMs = savedMs + Math.round(transferSeconds(bytes, draft.frame.linkGbps) * 1_000);
  const move = { run: ask.run, from: site.campus.id, to: ask.to, bytes, arrivesAtMs };
  draft.moves.push(move);
  draft.sayings.push(saidOf(draft, { move, step: 'begun', reason: ask.reason, site, order: campus.order }));
}

/** Calls off the moves away from a campus that has lost its connection: their checkpoints are not whole anywhere else. */
export function cancelMovesFrom(draft: Draft, site: Site, campus: CampusWork): void {
  for (const move of draft.moves.filter(({ from }) => from === site.campus.id)) {
    draft.moves.splice(draft.moves.indexOf(move), 1);
    setRun(draft, runIndex(draft, move.run), {});
    draft.sayings.push(saidOf(draft, { move, step: 'cancelled', reason: `${site.campus.id} is tripped`, site, order: campus.order }));
  }
}

/**
 * Lets the runs arrive whose checkpoints are there by the start of the tick: dark at the source, paused at the destination, where power
 * rises to idle. A destination without its connection lets them wait. Answers who has moved since the world began.
 */
export function arrive(draft: Draft, moved: readonly Moved[]): readonly Moved[] {
  let after = moved;
  for (const move of draft.moves.filter(({ arrivesAtMs }) => arrivesAtMs <= draft.startMs)) {
    const index = runIndex(draft, move.run);
    const place = campusIndex(draft, move.to);
    const [run, work] = [draft.frame.runs[index], draft.runs[index]];
    const [site, campus] = [draft.frame.sites[place], draft.campuses[place]];
    if (run === undefined || work === undefined || site === undefined || campus === undefined || campus.isTripped) continue;
    draft.moves.splice(draft.moves.indexOf(move), 1);
    after = withArrival(after, { run: move.run, campus: move.to });
    // A jump to nothing: what it drew before belongs to the baseline of nobody.
    setRun(draft, index, { path: flatPath(draft.startMs, 0), rise: idleRise(run, draft.startMs), reference: null });
    draft.sayings.push(saidOf(draft, { move, step: 'arrived', reason: 'checkpoint is there', site, order: campus.order }));
  }
  return after;
}

interface PlaceOfRun {
  readonly index: number;
  readonly site: Site;
  readonly campus: CampusWork;
}

function placeOfRun(draft: Draft, id: string): PlaceOfRun | null {
  const index = runIndex(draft, id);
  const place = campusIndex(draft, draft.frame.runs[index]?.campus ?? '');
  const [site, campus] = [draft.frame.sites[place], draft.campuses[place]];
  return site === undefined || campus === undefined ? null : { index, site, campus };
}

/** Why the run cannot go now: what anybody can see, and what only its clusters know. */
function refusalOf(draft: Draft, { index, campus }: PlaceOfRun, { run, to }: MoveAsk): string | null {
  const { sites, home } = draft.frame;
  const seen = moveRefusal({ campuses: sites.map((site) => site.campus), runs: [...home] }, standingOf(draft), { run, to });
  if (seen !== null) return seen;
  if (draft.campuses[campusIndex(draft, to)]?.isTripped === true) return `${to}: is tripped`;
  const { epoch, reductionMw, untilMs } = campus.order;
  if (reductionMw > 0 && untilMs !== null && untilMs > draft.startMs)
    return `${campus.campus}: load target ${epoch} stands until ${toWire(untilMs)}`;
  return (draft.runs[index]?.pending.length ?? 0) > 0 ? `${run}: is on its way down` : null;
}

/** How campuses and runs stand at the start of the tick. */
function standingOf(draft: Draft): Standing {
  const { frame, startMs, moves } = draft;
  return {
    atMs: startMs,
    runs: frame.runs.flatMap((run, index) => {
      const work = draft.runs[index];
      if (work === undefined) return [];
      const movingTo = moves.find((move) => move.run === run.id)?.to ?? null;
      const { steps } = progressAt(run, work, startMs);
      const powerMw = powerAt(work.path, startMs);
      return [{ run: run.id, campus: run.campus, movingTo, state: runStateAt(work, startMs), steps, powerMw }];
    }),
    limitMw: new Map(draft.campuses.map(({ campus, limitMw }) => [campus, limitMw])),
  };
}

function saidOf(
  draft: Draft,
  of: {
    readonly move: Move;
    readonly step: 'begun' | 'arrived' | 'cancelled';
    readonly reason: string;
    readonly site: Site;
    readonly order: Order;
  },
): Saying {
  const { move, step, reason, site, order } = of;
  const isStanding = order.reductionMw > 0 && order.untilMs !== null && order.untilMs > draft.startMs;
  return {
    type: 'cluster.move.v1',
    region: site.region,
    entity: move.run,
    data: {
      step,
      campus: site.campus.id,
      fromCampus: move.from,
      toCampus: move.to,
      epoch: order.epoch,
      orderMw: isStanding ? published(order.reductionMw) : 0,
      orderUntilTime: isStanding && order.untilMs !== null ? toWire(order.untilMs) : null,
      checkpointBytes: move.bytes,
      linkGbps: draft.frame.linkGbps,
      arrivalTime: toWire(move.arrivesAtMs),
      reason,
    },
  };
}
