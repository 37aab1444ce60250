import { Type, type Static, type TSchema } from 'typebox';
import { alarmFlood, alarmRaised } from '../events/alarm.js';
import { factSchema } from '../events/asyncapi.js';
import { blockStages } from '../events/buildout.js';
import { clockRate } from '../events/clock.js';
import { clusterPower, clusterProgress } from '../events/cluster.js';
import { conditionPlatform } from '../events/condition.js';
import { controlBreach, controlLoadtarget, controlOutcome, controlRequest } from '../events/control.js';
import { record } from '../events/define.js';
import { count, flag, instant, megawattHours, megawatts, oneOf, optionalInstant, text } from '../events/fields.js';
import { forecastDemand, forecastSurge } from '../events/forecast.js';
import { gridDivergence, telemetryDemand } from '../events/telemetry.js';
import { gridContingency, gridDemand, gridFlow, gridPrice, gridReserve, gridSupply } from '../events/grid.js';
import { permitPhases, permitQueue } from '../events/permit.js';
import { registry } from '../events/registry.js';
import { gridFrequency, gridSecurity } from '../events/security.js';
import { trainingPhase, trainingSettlement } from '../events/training.js';

/** Shapes of what the api answers; what comes from a fact has the declaration of that fact. */
const orNull = <Schema extends TSchema>(schema: Schema, description: string) => Type.Union([schema, Type.Null()], { description });
const timeMs = (description: string) => Type.Integer({ unit: 'ms', description });
const listOf = <Schema extends TSchema>(schema: Schema, description: string) => Type.Array(schema, { description });

/** Values by the name of what they belong to. */
export const tableOf = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Unsafe<Record<string, Static<Schema>>>({ type: 'object', additionalProperties: schema, description });

export const system = record({
  mark: orNull(
    record({
      tick: count('Tick of the clock.'),
      phase: count('Phase of the tick, 1 to 4.'),
      timeMs: timeMs('Twin time, ms UTC.'),
      tickMinutes: Type.Number({ minimum: 0, unit: 'min', description: 'Length of the tick.' }),
    }),
    'Newest word of the clock; null: none yet.',
  ),
  closed: orNull(
    record({
      tick: count('Tick that closed last.'),
      timeMs: timeMs('Its beginning, twin ms UTC.'),
      missing: listOf(Type.String(), 'Who was carried forward.'),
    }),
    'Newest closed tick; null: none yet.',
  ),
  rate: orNull(clockRate.data, 'How twin time runs.'),
  reserve: orNull(gridReserve.data, 'Reserve of the system.'),
  security: orNull(gridSecurity.data, 'N-1.'),
  frequency: orNull(gridFrequency.data, 'What frequency would do after a loss.'),
  surge: orNull(forecastSurge.data, 'Whether the system runs into its reserve.'),
  flood: orNull(alarmFlood.data, 'Whether more alarms come than a person can follow.'),
});

const { units: _units, storages: _storages, ...supplyFields } = gridSupply.data.properties;
const { buses: _buses, ...priceFields } = gridPrice.data.properties;
const { interfaces, lines } = gridFlow.data.properties;

export const region = record({
  supply: orNull(record({ ...supplyFields, storedMwh: megawattHours('In all storages.') }), 'Newest supply, without single units.'),
  demand: orNull(gridDemand.data, 'Newest demand.'),
  price: orNull(record(priceFields), 'Newest price, without single buses.'),
  flow: orNull(
    record({ interfaces, heavyLines: lines, lines }),
    'Flows on interfaces, lines at 90 % of their rating or out, and all lines.',
  ),
  curtailedMw: orNull(megawatts('Renewable power not taken.'), 'Null: not heard yet.'),
  forecast: orNull(forecastDemand.data, 'Newest forecast of its load.'),
  measured: orNull(telemetryDemand.data, 'Newest measured load; null: its load is simulated.'),
  divergence: orNull(gridDivergence.data, 'How far that was from what was expected.'),
});

const { campus: _powerCampus, limitMw, ...powerFields } = clusterPower.data.properties.campuses.items.properties;
const { campus: _targetCampus, ...targetFields } = controlLoadtarget.data.properties.targets.items.properties;
const { order, result, reason } = controlOutcome.data.properties;

export const campus = record({
  region: text('Balancing area.'),
  limitMw,
  power: orNull(record(powerFields), 'What it drew in the newest tick.'),
  wantMw: orNull(megawatts('What it would draw.'), 'Null: not heard yet.'),
  target: orNull(record(targetFields), 'Load target that stands.'),
  answer: orNull(record({ order, result, reason }), 'How it answered the newest order.'),
  breach: orNull(controlBreach.data, 'Newest word on a load target it did not keep.'),
});

const { run: _run, campus: _runCampus, ...progressFields } = clusterProgress.data.properties.runs.items.properties;
const { phase, epoch, untilTime } = trainingPhase.data.properties;
const { netUsd, lostSteps } = trainingSettlement.data.properties;

export const run = record({
  campus: text('Where it runs.'),
  progress: orNull(record(progressFields), 'As the cluster sees it.'),
  sequence: orNull(record({ phase, epoch, untilTime, sinceMs: timeMs('Since when, twin ms UTC.') }), 'As its sequence sees it.'),
  settlement: orNull(record({ netUsd, lostSteps, atMs: timeMs('When, twin ms UTC.') }), 'Newest settlement.'),
});

export const request = record({ ...controlRequest.data.properties, campus: text('Whom it is for.'), sinceMs: timeMs('Twin ms UTC.') });

const past = listOf(
  record({ was: text('Stage or phase.'), sinceMs: orNull(timeMs('Twin ms UTC.'), 'Since when; null: as the world began.') }),
  'What it was before, oldest first.',
);

export const block = record({
  project: text('Project that builds it.'),
  block: count('Number of the block.'),
  campus: text('Campus it belongs to.'),
  capacityMw: megawatts('Of the block.'),
  stage: oneOf(blockStages, 'How far it is.'),
  site: text('Where it stands.'),
  waitingFor: listOf(Type.String(), 'What it waits for.'),
  expectedTime: optionalInstant('When the stage is expected to end; null: nobody knows.'),
  sinceMs: orNull(timeMs('Twin ms UTC.'), 'Since when; null: as the world began.'),
  past,
});

export const permit = record({
  project: text('Project that asks for it.'),
  block: orNull(count('Number of the block.'), 'Null: of the whole project, or one that the world does not name.'),
  agency: text('Who decides.'),
  phase: oneOf(permitPhases, 'How far it is.'),
  position: orNull(count('Place in the queue; 0 under review.'), 'Null: not in the queue.'),
  deadlineTime: optionalInstant('When a decision is due; null: no term runs.'),
  sinceMs: orNull(timeMs('Twin ms UTC.'), 'Since when; null: as the world began.'),
  past,
});

const { positions: _positions, ...agencyFields } = permitQueue.data.properties;
export const agency = record(agencyFields);

const stepMs = (description: string) => orNull(timeMs('Twin ms UTC.'), description);

export const ladder = record({
  campus: text('Who is curtailed.'),
  firstEpoch: count('Order that began it.'),
  lastEpoch: count('Newest order it took up.'),
  askedMs: timeMs('When it was asked, twin ms UTC.'),
  result: controlOutcome.data.properties.result,
  reason: Type.String({ description: 'Why not all of it; may be empty.' }),
  reductionMw: megawatts('The most that was promised.'),
  residualMw: megawatts('Asked for by the newest order and not promised.'),
  setPointMw: megawatts('Power it goes to.'),
  planMs: stepMs('When it had a plan.'),
  way: orNull(text('How the plan frees it.'), 'Null: it does not say.'),
  heldMs: stepMs('When the first run gave.'),
  releasedMs: stepMs('When nothing was asked any more.'),
  resumedMs: stepMs('When the first run came back.'),
  verifiedMs: stepMs('When the first run was measured.'),
  settledMs: stepMs('When the first run was settled.'),
  settledRuns: count('Runs that are settled.'),
  deliveredMwh: Type.Number({ unit: 'MWh', description: 'Against their baselines, of all runs.' }),
  netUsd: Type.Number({ unit: 'USD', description: 'Of all settlements, to the campus.' }),
  lostAcceleratorHours: Type.Number({ minimum: 0, unit: 'h', description: 'Of all runs.' }),
});

export const alarm = record({
  ...alarmRaised.data.properties,
  status: oneOf(['active', 'acknowledged', 'returned', 'cleared'], 'How it stands; returned: gone, and nobody has taken note.'),
  shelvedUntilMs: orNull(timeMs('Twin ms UTC.'), 'Put aside until then; null: it is not.'),
  isOutOfService: flag('Taken out of service by an operator.'),
  raisedMs: timeMs('Twin ms UTC.'),
  changedMs: timeMs('Twin ms UTC.'),
  actor: orNull(text('Who has taken note.'), 'Null: nobody.'),
});

export const condition = record({ ...conditionPlatform.data.properties, sinceMs: timeMs('Twin ms UTC.') });

export const outage = record({
  equipment: gridContingency.data.properties.equipment,
  isOut: flag('False after its return.'),
  capacityMw: megawatts('Of what tripped.'),
  reason: text('Why.'),
  sinceMs: timeMs('Twin ms UTC.'),
});

export const pulse = record({
  ageMs: orNull(Type.Number({ minimum: 0, unit: 'ms', description: 'Wall time since the newest mark of the clock.' }), 'Null: none yet.'),
  achievedRate: orNull(Type.Number({ minimum: 0, description: 'Twin seconds per wall second.' }), 'Null: none yet.'),
  behind: count('Facts in the stream still to be read.'),
});

export const project = record({
  name: text('As the scenario calls it.'),
  campus: text('Campus it builds for.'),
  blocks: listOf(block, 'Its blocks.'),
  permits: listOf(Type.String(), 'Names of its permits.'),
});

/** Everything that was known at an instant. */
export const view = record({
  system,
  regions: tableOf(region, 'By region.'),
  campuses: tableOf(campus, 'By campus.'),
  runs: tableOf(run, 'By training run.'),
  requests: tableOf(request, 'By `<campus or fleet>/<id given by who asked>`.'),
  blocks: tableOf(block, 'By `<project>/<block>`.'),
  permits: tableOf(permit, 'By permit.'),
  agencies: tableOf(agency, 'By agency.'),
  ladders: tableOf(ladder, 'Curtailments from order to settlement, by `<campus>/<first order>`.'),
  alarms: tableOf(alarm, 'By alarm.'),
  conditions: tableOf(condition, 'By `<component>/<condition>`; ended ones stay.'),
  outages: tableOf(outage, 'By unit, line or campus.'),
});

export const state = record({ ...view.properties, pulse });

export const series = record({
  columns: listOf(Type.String(), 'Names; the first is `timeMs`, twin time in ms UTC. Powers are MW, prices USD/MWh.'),
  rows: listOf(Type.Array(Type.Union([Type.Number(), Type.Null()])), 'A value for each column; null: not known.'),
});

export const moment = record({
  time: instant('Start of the tick it is the end of.'),
  view,
  rows: series.properties.rows,
  tail: listOf(
    record({
      id: count('Place in the stream.'),
      timeMs: timeMs('Twin ms UTC.'),
      domain: text('First part of the type of fact.'),
      entity: text('What it is about.'),
      tone: oneOf(['plain', 'good', 'caution', 'bad'], 'How much it asks for attention.'),
      text: text('One sentence.'),
    }),
    'What happened until then, newest last.',
  ),
});

/** A whole fact of any type. */
export const fact = Type.Unsafe<object>({ oneOf: registry.map(factSchema), discriminator: { propertyName: 'type' } });

export const factKind = record({
  kind: oneOf(['state', 'milestone'], 'State: whole and repeated. Milestone: said once.'),
  summary: text('What it says.'),
  heardFacts: count('Heard since this service started, what it read back included.'),
});

const named = (description: string) => record({ id: text(description), name: text('As the scenario calls it.') });
const threshold = (description: string) => megawatts(description);

export const world = record({
  name: text('Of the scenario.'),
  title: text('In words.'),
  seed: count('Of all draws.'),
  controls: oneOf(['single', 'two-person'], 'How many people an intent needs.'),
  startTime: instant('Twin time at which it began.'),
  tickMinutes: Type.Number({ minimum: 0, unit: 'min', description: 'Length of a tick.' }),
  utcOffsetMinutes: Type.Number({ unit: 'min', description: 'Local time minus UTC.' }),
  reserve: record({
    requirementMw: threshold('Wanted.'),
    watchBelowMw: threshold('Below it: watch.'),
    warningBelowMw: threshold('Below it: warning.'),
    emergencyBelowMw: threshold('Below it: emergency.'),
  }),
  sampleColumns: listOf(Type.String(), 'Columns of the series.'),
  regions: listOf(named('Region.'), 'Balancing areas.'),
  campuses: listOf(record({ ...named('Campus.').properties, region: text('Where.') }), 'Grid connections.'),
  runs: listOf(
    record({
      id: text('Run.'),
      campus: text('Where.'),
      accelerators: count('How many.'),
      facilityMw: megawatts('At full power.'),
    }),
    'Training runs.',
  ),
  projects: listOf(record({ ...named('Project.').properties, campus: text('For which campus.') }), 'Who builds.'),
  contracts: listOf(
    record({
      id: text('Contract.'),
      campus: text('Whose.'),
      maxReductionMw: megawatts('Most it gives.'),
      strikeUsdPerMwh: Type.Number({ unit: 'USD/MWh', description: 'From which price.' }),
    }),
    'Flexibility contracts.',
  ),
  agencies: listOf(named('Agency.'), 'Who decides on permits.'),
  lines: listOf(
    record({
      id: text('Line.'),
      from: text('Region at its first bus.'),
      to: text('Region at its second bus.'),
      ratingMw: orNull(megawatts('Continuous rating.'), 'Null: none.'),
    }),
    'Lines with the regions at their ends.',
  ),
});

export const health = record({
  ok: flag('Always true; who gets no answer knows.'),
  tick: orNull(count('Newest tick.'), 'Null: none yet.'),
  clients: count('Clients of the event stream.'),
  ...pulse.properties,
});

export const failure = record({
  error: record({ code: text('Stable name.'), message: text('One line: what was found, and what is allowed.') }),
});
