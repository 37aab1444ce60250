import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A bug that a test has to notice once it stands in the sources. */
export interface PlantedBug {
  readonly id: string;
  /** What would go wrong for a user. */
  readonly why: string;
  /** Source file, from the top of the repository. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly text: string;
  readonly replacement: string;
  /** Test file of the project `quick` that fails with the bug. */
  readonly test: string;
}

/** Bugs of every part of the twin, each with the test that catches it. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    id: 'reserve-not-required',
    why: 'The dispatch keeps no reserve and prices no shortage of it.',
    file: 'shared/domain/grid/bounds.ts',
    text: 'let availableMw = -input.requirementMw - input.reserveInUseMw;',
    replacement: 'let availableMw = -input.reserveInUseMw;',
    test: 'tests/kernel/gridDispatch.test.ts',
  },
  {
    id: 'retired-unit-available',
    why: 'A power plant goes on generating after the day it was retired.',
    file: 'shared/domain/grid/surroundings.ts',
    text: '(at(isInService, place) === 0 ? 0 : capacityMw)',
    replacement: 'capacityMw',
    test: 'tests/kernel/gridLiveDevelopment.test.ts',
  },
  {
    id: 'storage-charge-sign',
    why: 'A battery empties while it charges and fills while it feeds the grid.',
    file: 'shared/domain/grid/storage.ts',
    text: 'storedMwh + inMwh - outMwh',
    replacement: 'storedMwh - inMwh + outMwh',
    test: 'tests/kernel/gridModel.test.ts',
  },
  {
    id: 'hourly-ramp-in-minutes',
    why: 'Plants move in an hour only as far as they could in a minute.',
    file: 'shared/domain/chrono/ramps.ts',
    text: '60 * rampMwPerMinute',
    replacement: 'rampMwPerMinute',
    test: 'tests/kernel/chronoRules.test.ts',
  },
  {
    id: 'failure-keeps-lost-work',
    why: 'A run that fails goes on from where it was, and not from its last checkpoint.',
    file: 'shared/domain/cluster/failures.ts',
    text: 'const fallen = { atMs, steps: checkpointedSteps, checkpointedSteps };',
    replacement: 'const fallen = { atMs, steps, checkpointedSteps };',
    test: 'tests/kernel/clusterFailures.test.ts',
  },
  {
    id: 'failed-save-keeps-lost-work',
    why: 'A run whose save failed twice keeps the steps that were lost with it.',
    file: 'shared/domain/cluster/saves.ts',
    text: 'const stand = { atMs, steps: checkpointedSteps, checkpointedSteps, checkpointAtMs };',
    replacement: 'const stand = { atMs, steps, checkpointedSteps, checkpointAtMs };',
    test: 'tests/kernel/clusterSaves.test.ts',
  },
  {
    id: 'steps-while-saving',
    why: 'A run that stands still to save its checkpoint, at full power, makes steps all the same.',
    file: 'shared/domain/cluster/progress.ts',
    text: 'const toMs = work.workUntilMs === null ? atMs : Math.min(atMs, work.workUntilMs);',
    replacement: 'const toMs = atMs;',
    test: 'tests/kernel/clusterSaves.test.ts',
  },
  {
    id: 'checkpoint-beyond-progress',
    why: 'A checkpoint holds steps that were made after it was saved, so that failures cost less than they do.',
    file: 'shared/domain/cluster/progress.ts',
    text: 'Math.floor(stepsBy(run, work, fromMs, savedMs))',
    replacement: 'Math.ceil(stepsBy(run, work, fromMs, toMs))',
    test: 'tests/kernel/cluster.test.ts',
  },
  {
    id: 'campus-ramp-lost',
    why: 'A campus that was curtailed jumps back to full load at once.',
    file: 'shared/domain/cluster/rise.ts',
    text: 'return (campus.rampUpRatio * limitMw) / rampWindowMs;',
    replacement: 'return (1_000 * campus.rampUpRatio * limitMw) / rampWindowMs;',
    test: 'tests/kernel/cluster.test.ts',
  },
  {
    id: 'resume-not-staged',
    why: 'A paused run comes back at full power in one stage, and load rebounds.',
    file: 'shared/domain/training/act.ts',
    text: 'const capRatio = isPaused ? config.firstCapRatio : 1;',
    replacement: 'const capRatio = 1;',
    test: 'tests/kernel/training.test.ts',
  },
  {
    id: 'snapshot-claims-too-much',
    why: 'A service that starts again believes it has heard a message more than it has.',
    file: 'shared/runtime/participant.ts',
    text: 'streamSequence: loop.sequence, state:',
    replacement: 'streamSequence: loop.sequence + 1, state:',
    test: 'tests/simulation/campaign.test.ts',
  },
  {
    id: 'recovery-leaves-unsaid',
    why: 'What a service had worked out and not yet said when it was killed is never said.',
    file: 'shared/runtime/participant.ts',
    text: 'for (const fact of facts) unsaid.set(fact.id, fact);',
    replacement: 'for (const fact of facts) unsaid.delete(fact.id);',
    test: 'tests/simulation/campaign.test.ts',
  },
  {
    id: 'done-before-stored',
    why: 'A service tells the clock that it is done before what it said is stored.',
    file: 'shared/runtime/participant.ts',
    text: 'const lastSequence = facts.length > 0 ? await loop.doors.publish(facts) : 0;',
    replacement: 'const lastSequence = 0;\n    void loop.doors.publish(facts);',
    test: 'tests/simulation/campaign.test.ts',
  },
  {
    id: 'clock-told-only-once',
    why: 'A word to the clock that is lost is not said again, and both wait for ever.',
    file: 'shared/runtime/participant.ts',
    text: 'doors.every(repeatDoneMs, () => sendDone(loop))',
    replacement: 'doors.every(repeatDoneMs, () => undefined)',
    test: 'tests/simulation/campaign.test.ts',
  },
  {
    id: 'settlement-pays-twice',
    why: 'An event that is settled is settled and paid again, each time its settlement should close.',
    file: 'shared/domain/training/act.ts',
    text: 'if (state.nextPhaseMs <= nowMs) close(turn);',
    replacement: 'if (state.nextPhaseMs <= nowMs && state.measured !== null) settle(turn, state.measured);',
    test: 'tests/kernel/training.test.ts',
  },
  {
    id: 'next-curtailment-pays-again',
    why: 'An event that is settled is paid once more when the next curtailment begins.',
    file: 'shared/domain/training/settle.ts',
    text: "if (turn.state.phase === 'verifying' && measured !== null)",
    replacement: 'if (measured !== null)',
    test: 'tests/kernel/trainingRepeats.test.ts',
  },
  {
    id: 'repeat-heard-by-a-run',
    why: 'An order that the bus delivers again undoes what a person has decided since.',
    file: 'shared/domain/training/observe.ts',
    text: 'if (seen.includes(fact.id) || fresh.includes(fact.id)) continue;',
    replacement: 'if (fresh.includes(fact.id)) continue;',
    test: 'tests/kernel/trainingRepeats.test.ts',
  },
  {
    id: 'breach-escalated-a-tick-late',
    why: 'A campus that gives less than it promised goes on for a tick longer before anybody is told.',
    file: 'shared/domain/flexibility/breach.ts',
    text: 'nowMs - breach.sinceMs < escalateMinutes * minuteMs',
    replacement: 'nowMs - breach.sinceMs <= escalateMinutes * minuteMs',
    test: 'tests/kernel/requests.test.ts',
  },
  {
    id: 'order-heeded-in-its-tick',
    why: 'An order acts within its own tick where it came early, so that a tick depends on when it was heard.',
    file: 'shared/domain/flexibility/orders.ts',
    text: 'const due = state.queue.filter((fact) => fact.tick < beforeTick)',
    replacement: 'const due = state.queue.filter((fact) => fact.tick <= beforeTick)',
    test: 'tests/kernel/flexibilityInstants.test.ts',
  },
  {
    id: 'pledge-without-its-ramp',
    why: 'The grid counts on a reduction before the campus has ramped down to it.',
    file: 'shared/domain/flexibility/inForce.ts',
    text: 'extraMw > 0 ? fromMs + given.rampMs : fromMs',
    replacement: 'fromMs',
    test: 'tests/kernel/flexibility.test.ts',
  },
  {
    id: 'pledge-beyond-its-end',
    why: 'A reduction that ends at an instant is still counted on at that instant.',
    file: 'shared/domain/flexibility/inForce.ts',
    text: 'inForce.untilMs <= atMs ? 0 : powerAt',
    replacement: 'inForce.untilMs < atMs ? 0 : powerAt',
    test: 'tests/kernel/flexibilityInstants.test.ts',
  },
  {
    id: 'repeated-decision-heard-again',
    why: 'A denial that the bus delivers twice counts as two, and the appeal is lost before it is heard.',
    file: 'shared/domain/permit/rules.ts',
    text: '(a[0] === b[0] && a[1] > b[1])',
    replacement: '(a[0] === b[0] && a[1] >= b[1])',
    test: 'tests/kernel/permitRules.test.ts',
  },
  {
    id: 'permit-without-prerequisite',
    why: 'A permit is filed and granted before the one it builds on.',
    file: 'shared/domain/buildout/gates.ts',
    text: 'needs: permit.after,',
    replacement: 'needs: permit.after.slice(1),',
    test: 'tests/kernel/buildout.test.ts',
  },
  {
    id: 'forecast-band-mixed-up',
    why: 'The share from P5 to P95 is reported as that from P10 to P90, so that forecasts look better than they are.',
    file: 'shared/domain/forecast/scores.ts',
    text: 'const [low, high] = [9, 89];',
    replacement: 'const [low, high] = [4, 94];',
    test: 'tests/kernel/forecastScores.test.ts',
  },
  {
    id: 'study-quantile-mixed-up',
    why: 'A study reports its ninth decile where its first belongs.',
    file: 'shared/domain/study/statistics.ts',
    text: 'p10: quantileOf(sorted, 0.1),',
    replacement: 'p10: quantileOf(sorted, 0.9),',
    test: 'tests/kernel/studyCells.test.ts',
  },
  {
    id: 'draw-without-seed',
    why: 'Every seed draws the same failures and weather, so that a study of many seeds tells nothing.',
    file: 'shared/domain/random.ts',
    text: 'const text = `${seed}/${component}/${entity}/${purpose}/`;',
    replacement: 'const text = `${component}/${entity}/${purpose}/`;',
    test: 'tests/kernel/fact.test.ts',
  },
  {
    id: 'history-overwrites-a-repeat',
    why: 'The second of two facts at one instant takes the place of the first in history.',
    file: 'shared/history/point.ts',
    text: 'return fact.n > 0 ?',
    replacement: 'return fact.n > 1 ?',
    test: 'tests/contract/history.test.ts',
  },
  {
    id: 'tally-depends-on-order',
    why: 'A rebuilt history that is whole is called different, because its points came in another order.',
    file: 'shared/history/tally.ts',
    text: 'tally.first = (tally.first + hashOf(text, 0x811c9dc5)) >>> 0;',
    replacement: 'tally.first = (Math.imul(tally.first, 31) + hashOf(text, 0x811c9dc5)) >>> 0;',
    test: 'tests/contract/history.test.ts',
  },
  {
    id: 'power-declared-in-kilowatts',
    why: 'Integrators read every power as a thousandth of what it is.',
    file: 'shared/events/fields.ts',
    text: "Type.Number({ minimum: 0, unit: 'MW', description })",
    replacement: "Type.Number({ minimum: 0, unit: 'kW', description })",
    test: 'tests/contract/asyncapi.test.ts',
  },
  {
    id: 'data-unchecked',
    why: 'A message whose data breaks its declaration, such as a negative power, is taken for a fact.',
    file: 'shared/bus/envelope.ts',
    text: 'if (violation !== null) throw malformed(violation);',
    replacement: '',
    test: 'tests/contract/events.test.ts',
  },
  {
    id: 'field-every-object-has',
    why: 'A scenario with a field that nothing declares is taken, where its name is one that every object has.',
    file: 'shared/scenario/shape.ts',
    text: 'if (!Object.hasOwn(properties, key))',
    replacement: 'if (!(key in properties))',
    test: 'tests/contract/badInputScenario.test.ts',
  },
  {
    id: 'deep-body-is-an-error',
    why: 'Half a million lists in a request body are an error of the server, and not of who sent them.',
    file: 'shared/domain/shown.ts',
    text: 'if (error instanceof RangeError) return',
    replacement: 'if (error === null) return',
    test: 'tests/contract/badInputIntent.test.ts',
  },
];

/** One line for every bug whose file or test is missing, or whose text does not stand exactly once in its file. */
export function misplaced(root: string): readonly string[] {
  return plantedBugs.flatMap(({ id, file, text, test }) => {
    if (!existsSync(join(root, file))) return [`${id}: no file ${file}`];
    if (!existsSync(join(root, test))) return [`${id}: no test ${test}`];
    const times = timesIn(readFileSync(join(root, file), 'utf8'), text);
    return times === 1 ? [] : [`${id}: its text stands ${times} times in ${file}`];
  });
}

function timesIn(whole: string, text: string): number {
  return whole.split(text).length - 1;
}
