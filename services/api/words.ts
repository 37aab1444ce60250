import type { Fact, FactDataOf, FactOf } from '../../shared/domain/fact.js';
import { controlWords } from './controlWords.js';
import { projectWords } from './projectWords.js';
import { bad, capital, caution, good, mw, percent, plain, round, type Words } from './phrases.js';
import type { TailEntry } from './viewTypes.js';

/** The milestone in a fact as one plain sentence with its tone, or null for state that is merely repeated. Powers in MW, amounts in USD. */
export function milestoneWords(fact: Fact): Words | null {
  switch (fact.type) {
    case 'clock.rate.v1':
    case 'condition.platform.v1':
    case 'alarm.raised.v1':
    case 'alarm.acknowledged.v1':
    case 'alarm.cleared.v1':
    case 'alarm.shelved.v1':
    case 'alarm.service.v1':
    case 'alarm.flood.v1':
      return operationWords(fact);
    case 'control.command.v1':
    case 'control.outcome.v1':
    case 'control.audit.v1':
    case 'control.proposal.v1':
    case 'control.note.v1':
    case 'control.request.v1':
    case 'control.breach.v1':
    case 'control.compliance.v1':
      return controlWords(fact);
    case 'grid.state.v1':
    case 'grid.contingency.v1':
    case 'grid.change.v1':
    case 'cluster.limit.v1':
    case 'cluster.move.v1':
    case 'cluster.plan.v1':
    case 'cluster.throttle.v1':
    case 'cluster.checkpoint.v1':
    case 'cluster.savefailure.v1':
    case 'cluster.failure.v1':
    case 'cluster.pause.v1':
    case 'cluster.resume.v1':
    case 'cluster.dip.v1':
    case 'cluster.transfer.v1':
    case 'cluster.backup.v1':
    case 'training.phase.v1':
    case 'training.verification.v1':
    case 'training.settlement.v1':
      return gridAndClusterWords(fact);
    case 'buildout.stage.v1':
    case 'buildout.order.v1':
    case 'buildout.block.v1':
    case 'buildout.site.v1':
    case 'buildout.gate.v1':
    case 'buildout.plan.v1':
    case 'permit.review.v1':
    case 'permit.decision.v1':
    case 'permit.filing.v1':
    case 'permit.phase.v1':
      return projectWords(fact);
    case 'forecast.surge.v1':
      // That nothing threatens is no news.
      return fact.data.fromTime === null ? null : caution(capital(fact.data.sentence));
    case 'clock.mark.v1':
    case 'clock.tick.v1':
    case 'grid.supply.v1':
    case 'grid.demand.v1':
    case 'grid.price.v1':
    case 'grid.flow.v1':
    case 'grid.curtailment.v1':
    case 'grid.reserve.v1':
    case 'grid.security.v1':
    case 'grid.frequency.v1':
    case 'grid.clearing.v1':
    case 'grid.divergence.v1':
    case 'cluster.demand.v1':
    case 'cluster.power.v1':
    case 'cluster.progress.v1':
    case 'control.offer.v1':
    case 'control.loadtarget.v1':
    case 'permit.queue.v1':
    case 'buildout.expectation.v1':
    case 'forecast.demand.v1':
    case 'forecast.supply.v1':
    case 'forecast.netdemand.v1':
    case 'forecast.price.v1':
    case 'telemetry.demand.v1':
      return null;
  }
}

/** The line of the live tail a fact makes at its place in the stream, or null when it is no milestone. */
export function tailEntry(fact: Fact, sequence: number): TailEntry | null {
  const words = milestoneWords(fact);
  if (words === null) return null;
  return { id: sequence, timeMs: fact.timeMs, domain: fact.type.slice(0, fact.type.indexOf('.')), entity: fact.entity, ...words };
}

type FactIn<Domain extends string> = Extract<Fact, { readonly type: `${Domain}.${string}` }>;
type Milestone<Domain extends string> = Exclude<FactIn<Domain>, { readonly type: StateType }>;
type StateType =
  | 'clock.mark.v1'
  | 'clock.tick.v1'
  | 'grid.supply.v1'
  | 'grid.demand.v1'
  | 'grid.price.v1'
  | 'grid.flow.v1'
  | 'grid.curtailment.v1'
  | 'grid.reserve.v1'
  | 'grid.security.v1'
  | 'grid.frequency.v1'
  | 'grid.clearing.v1'
  | 'grid.divergence.v1'
  | 'cluster.demand.v1'
  | 'cluster.power.v1'
  | 'cluster.progress.v1'
  | 'control.offer.v1'
  | 'control.loadtarget.v1'
  | 'permit.queue.v1';

function operationWords(fact: Milestone<'clock'> | Milestone<'condition'> | Milestone<'alarm'>): Words {
  switch (fact.type) {
    case 'clock.rate.v1': {
      const { mode, rate, reason } = fact.data;
      const pace =
        mode === 'paused'
          ? 'Twin time is paused'
          : mode === 'max'
            ? 'Twin time runs as fast as it can'
            : `Twin time runs at ${round(rate ?? 0)}×`;
      return plain(`${pace} (${reason})`);
    }
    case 'condition.platform.v1': {
      const { component, detail, active } = fact.data;
      return active ? caution(`${component}: ${detail}`) : good(`${component}: over: ${detail}`);
    }
    case 'alarm.raised.v1':
      return fact.data.severity === 'critical' || fact.data.severity === 'high'
        ? bad(`Alarm: ${fact.data.summary}`)
        : caution(`Alarm: ${fact.data.summary}`);
    case 'alarm.acknowledged.v1':
      return plain(`Alarm ${fact.entity} noted by ${fact.data.actor}`);
    case 'alarm.shelved.v1': {
      const { state, actor, untilTime, reason } = fact.data;
      if (state === 'shelved') return plain(`${actor} shelves alarm ${fact.entity} until ${untilTime.slice(0, 16)}Z (${reason})`);
      return plain(`Alarm ${fact.entity} is back: ${reason}`);
    }
    case 'alarm.service.v1':
      return caution(
        `${fact.data.actor} takes alarm ${fact.entity} ${fact.data.state === 'out' ? 'out of service' : 'back into service'} (${fact.data.reason})`,
      );
    case 'alarm.flood.v1':
      return fact.data.state === 'flood'
        ? bad(`Alarm flood: ${fact.data.raised} alarms in ${fact.data.windowMinutes} minutes`)
        : good('The alarm flood is over');
    case 'alarm.cleared.v1':
      return good(`Alarm ${fact.entity} is over`);
  }
}

function changeWords({ entity, data }: FactOf<'grid.change.v1'>): string {
  switch (data.change) {
    case 'add-unit':
      return `Unit ${entity} enters service with ${mw(data.capacityMw)}`;
    case 'retire-unit':
      return `Unit ${entity} is retired, ${mw(data.capacityMw)}`;
    case 'scale-load':
      return `Load of ${entity} is ${round(data.factorRatio)} times what it was`;
    case 'scale-cost':
      return `Cost of ${entity} is ${round(data.factorRatio)} times what it was`;
  }
}

function moveWords({ entity, data }: FactOf<'cluster.move.v1'>): Words {
  const { step, fromCampus, toCampus, checkpointBytes, linkGbps, reason } = data;
  switch (step) {
    case 'begun': {
      const sent = `${round(checkpointBytes / 1e9)} GB over ${round(linkGbps)} Gbit/s`;
      return caution(`Run ${entity} goes from ${fromCampus} to ${toCampus}, ${sent} (${reason})`);
    }
    case 'arrived':
      return good(`Run ${entity} has arrived at ${toCampus}`);
    case 'cancelled':
      return bad(`Run ${entity} stays at ${fromCampus}: ${reason}`);
  }
}

function gridAndClusterWords(fact: Milestone<'grid'> | Milestone<'cluster'> | Milestone<'training'>): Words {
  switch (fact.type) {
    case 'grid.state.v1': {
      const { state, previousState, availableReserveMw, sentence } = fact.data;
      const text = `System goes from ${previousState} to ${state}: ${sentence ?? `reserve ${mw(availableReserveMw)}`}`;
      return state === 'normal' ? good(text) : state === 'watch' ? caution(text) : bad(text);
    }
    case 'grid.contingency.v1': {
      const { equipment, change, capacityMw, reason } = fact.data;
      return change === 'trip'
        ? bad(`${capital(equipment)} ${fact.entity} trips, ${mw(capacityMw)} lost (${reason})`)
        : good(`${capital(equipment)} ${fact.entity} is back with ${mw(capacityMw)} (${reason})`);
    }
    case 'grid.change.v1':
      return plain(changeWords(fact));
    case 'cluster.limit.v1':
      return plain(
        `Limit of campus ${fact.entity} goes from ${mw(fact.data.previousLimitMw)} to ${mw(fact.data.limitMw)}: ${fact.data.reason}`,
      );
    case 'cluster.move.v1':
      return moveWords(fact);
    case 'cluster.plan.v1': {
      const measures = fact.data.measures.map(({ run, measure, capRatio }) =>
        measure === 'pause' ? `pause ${run}` : `cap ${run} at ${percent(capRatio)}`,
      );
      const ways = [...inferenceWords(fact.data.inference), ...measures].join(', ');
      return caution(`Campus ${fact.entity} plans ${mw(fact.data.reductionMw)} less: ${ways}`);
    }
    case 'cluster.throttle.v1':
      return caution(`Run ${fact.entity} is capped at ${percent(fact.data.capRatio)}, ${mw(fact.data.powerMw)}`);
    case 'cluster.checkpoint.v1':
      return plain(`Run ${fact.entity} saves a checkpoint at step ${round(fact.data.checkpointedSteps)}`);
    case 'cluster.savefailure.v1': {
      const { attempt, next, lostSteps } = fact.data;
      return bad(
        next === 'retry'
          ? `Run ${fact.entity} cannot save its checkpoint, attempt ${attempt}; it tries again`
          : `Run ${fact.entity} cannot save its checkpoint and falls back to the last one, ${round(lostSteps)} steps lost`,
      );
    }
    case 'cluster.failure.v1': {
      const { during, checkpointedSteps, lostSteps, readyTime } = fact.data;
      const lost = lostSteps > 0 ? `, ${round(lostSteps)} steps lost` : ', nothing lost';
      const next = readyTime === null ? 'pauses' : 'restarts';
      return bad(`Run ${fact.entity} fails in its ${during} and falls back to step ${round(checkpointedSteps)}${lost}; it ${next}`);
    }
    case 'cluster.pause.v1': {
      const { checkpointedSteps, lostSteps } = fact.data;
      return caution(
        `Run ${fact.entity} pauses at step ${round(checkpointedSteps)}${lostSteps > 0 ? `, ${round(lostSteps)} steps lost` : ', nothing lost'}`,
      );
    }
    case 'cluster.resume.v1':
      return good(`Run ${fact.entity} goes on from step ${round(fact.data.fromSteps)} at ${percent(fact.data.capRatio)}`);
    case 'cluster.dip.v1': {
      const { dips, transferDips, windowSeconds } = fact.data;
      return caution(`Voltage dips at campus ${fact.entity}, ${dips} within ${windowSeconds} s; ${transferDips} transfer it`);
    }
    case 'cluster.transfer.v1': {
      const { lostMw, reason, carriedRuns, savedRuns, cutRuns } = fact.data;
      const runs = `${carriedRuns.length} runs go on, ${savedRuns.length} are saved, ${cutRuns.length} are cut`;
      return bad(`Campus ${fact.entity} leaves the grid with ${mw(lostMw)} (${reason}): ${runs}`);
    }
    case 'cluster.backup.v1': {
      const { carriers, servedMw, unservedMw } = fact.data;
      const who =
        carriers.length === 0 ? 'Nothing carries' : `${capital(carriers.join(', '))} ${carriers.length > 1 ? 'carry' : 'carries'}`;
      const text = `${who} campus ${fact.entity}${servedMw > 0 ? `, ${mw(servedMw)}` : ''}`;
      return unservedMw > 0 ? bad(`${text}; ${mw(unservedMw)} not served`) : plain(text);
    }
    case 'training.phase.v1': {
      const { phase, previousPhase } = fact.data;
      const text = `Run ${fact.entity}: ${previousPhase} → ${phase}`;
      return phase === 'curtailed' || phase === 'holding' ? caution(text) : phase === 'settled' ? good(text) : plain(text);
    }
    case 'training.verification.v1':
      return plain(`Run ${fact.entity} really gave ${round(fact.data.deliveredMwh)} MWh against a baseline of ${mw(fact.data.baselineMw)}`);
    case 'training.settlement.v1': {
      const { netUsd, lostSteps } = fact.data;
      return plain(
        `Run ${fact.entity} settles: ${netUsd < 0 ? 'costs' : 'earns'} ${round(Math.abs(netUsd))} USD net, ${round(lostSteps)} steps not made`,
      );
    }
  }
}

/** What inference does on a load target. */
function inferenceWords(inference: FactDataOf['cluster.plan.v1']['inference']): readonly string[] {
  if (inference === undefined) return [];
  const { consolidatedMw, movedMw, movedTo } = inference;
  const fewer = consolidatedMw > 0 ? [`inference on fewer nodes (${mw(consolidatedMw)})`] : [];
  return movedTo === null ? fewer : [...fewer, `${mw(movedMw)} of inference served at ${movedTo}`];
}
