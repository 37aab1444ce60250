import { newestOn } from '../../shared/bus/newest.js';
import { readAll } from '../../shared/bus/read.js';
import { subjectOf } from '../../shared/bus/envelope.js';
import { streamsOf } from '../../shared/bus/topology.js';
import type { FactOf, FactType } from '../../shared/domain/fact.js';
import { fromWire, type Phase } from '../../shared/domain/ticks.js';
import type { ServiceContext } from '../../shared/runtime/service.js';
import { changeRate, modeOf, nowMs, type Clock } from './face.js';

/** Reads back from the stream where twin time stands and how it runs, and obeys the pace `up` was asked for. */
export async function recover(clock: Clock): Promise<void> {
  const { bus, world } = clock.context;
  const newest = async <Type extends FactType>(type: Type): Promise<FactOf<Type> | null> => {
    const heard = await newestOn(bus, streamsOf(bus.root).facts, subjectOf(bus.root, { region: 'all', type, entity: 'clock' }));
    return heard === null ? null : (heard.fact as unknown as FactOf<Type>);
  };
  const [mark, closed] = [await newest('clock.mark.v1'), await newest('clock.tick.v1')];
  if (mark !== null) {
    const isClosed = closed !== null && closed.data.tick >= mark.data.tick;
    clock.state.tick = isClosed ? mark.data.tick + 1 : mark.data.tick;
    clock.state.phase = isClosed ? 0 : (mark.data.phase as Phase);
    clock.counts = { 'clock.mark.v1/clock': [mark.timeMs, mark.n] };
    clock.betweenMs = mark.timeMs;
  }
  const rates = (await readAll(bus, { types: ['clock.rate.v1'] })).map(({ fact }) => fact as unknown as FactOf<'clock.rate.v1'>);
  const rate = rates.at(-1);
  if (rate !== undefined) {
    clock.counts = { ...clock.counts, 'clock.rate.v1/clock': [rate.timeMs, rate.n] };
    const { mode, holdAtTime, epoch } = rate.data;
    Object.assign(clock.state, { mode, rate: rate.data.rate, holdAtMs: holdAtTime === null ? null : fromWire(holdAtTime), epoch });
  }
  await obeyStart(clock, rates, world.clock);
  clock.pace.anchor(nowMs(clock));
}

/** Sets the pace a new world begins with, or that `up` was asked for; a start is obeyed once, however often the clock restarts. */
async function obeyStart(clock: Clock, rates: readonly FactOf<'clock.rate.v1'>[], usual: ServiceContext['world']['clock']): Promise<void> {
  const { start } = clock.context.config;
  const reason = start === null ? 'scenario' : `start ${start.id}`;
  const isNew = rates.length === 0;
  const isAsked =
    start !== null && (start.rate !== null || start.holdAtTime !== null) && !rates.some((fact) => fact.data.reason === reason);
  if (!isNew && !isAsked) return;
  const holdAtTime = start?.holdAtTime ?? (isNew ? usual.holdAtTime : null);
  const pace = start?.rate ?? (isNew ? usual.rate : null);
  const { mode, rate } = pace === null ? clock.state : modeOf(pace);
  await changeRate(clock, { mode, rate, holdAtMs: holdAtTime === null ? clock.state.holdAtMs : fromWire(holdAtTime), reason });
}
