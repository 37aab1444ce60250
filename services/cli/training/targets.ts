import type { Command } from 'commander';
import type { Bus } from '../../../shared/bus/connect.js';
import type { FactDataOf, FactOf, FactType } from '../../../shared/domain/fact.js';
import { recordOf } from '../facts.js';
import { printJson, printTable, round, shortTime } from '../output.js';
import { withBus } from '../session.js';

/** A load target somebody asked for, as it stands. */
export interface TargetRow {
  readonly campus: string;
  readonly request: string;
  readonly state: FactDataOf['control.request.v1']['state'];
  readonly asked: string;
  readonly fromTime: string;
  readonly untilTime: string;
  readonly actor: string;
  readonly reason: string;
}

/** What an event of a campus came to. */
export interface EventRow {
  readonly campus: string;
  readonly fromTime: string;
  readonly toTime: string;
  readonly by: string;
  readonly askedMwh: number;
  readonly deliveredMwh: number;
  readonly complianceRatio: number;
  readonly shortMinutes: number;
  readonly reboundMw: number;
}

/** Load targets by campus and id, breaches that stand, and what past events came to. */
export interface Targets {
  readonly targets: readonly TargetRow[];
  readonly breaches: readonly (FactDataOf['control.breach.v1'] & { readonly campus: string })[];
  readonly events: readonly EventRow[];
}

/** Reads what was asked, of one campus or of all, and what came of it. */
export async function readTargets(bus: Bus, campus: string | undefined): Promise<Targets> {
  const facts = await recordOf(bus, ['control.request.v1', 'control.breach.v1', 'control.compliance.v1']);
  const of = <Type extends FactType>(type: Type): readonly FactOf<Type>[] =>
    facts.filter((fact) => fact.type === type && (campus === undefined || fact.entity === campus)) as unknown as readonly FactOf<Type>[];
  const targets = new Map(of('control.request.v1').map((fact) => [`${fact.entity}/${fact.data.request}`, targetRow(fact)]));
  const breaches = new Map(of('control.breach.v1').map((fact) => [fact.entity, { ...fact.data, campus: fact.entity }]));
  return {
    targets: [...targets.values()],
    breaches: [...breaches.values()].filter(({ state }) => state !== 'resolved'),
    events: of('control.compliance.v1').map(eventRow),
  };
}

function targetRow({ entity, data }: FactOf<'control.request.v1'>): TargetRow {
  const { request, state, kind, amountMw, fromTime, untilTime, actor, reason, isBestEffort } = data;
  const asked = `${kind === 'limit' ? 'at most ' : '-'}${round(amountMw)} MW${isBestEffort ? ', best effort' : ''}`;
  return { campus: entity, request, state, asked, fromTime, untilTime, actor, reason };
}

function eventRow({ entity, data }: FactOf<'control.compliance.v1'>): EventRow {
  const { fromTime, toTime, contracts, requests, askedMwh, deliveredMwh, complianceRatio, shortMinutes, reboundMw } = data;
  const by = [...requests, ...contracts].join(', ');
  return { campus: entity, fromTime, toTime, by, askedMwh, deliveredMwh, complianceRatio, shortMinutes, reboundMw };
}

async function show(campus: string | undefined, options: { readonly json?: boolean }): Promise<void> {
  const found = await withBus((bus) => readTargets(bus, campus));
  if (options.json === true) return printJson(found);
  printTable(
    found.targets.map(({ fromTime, untilTime, ...row }) => ({ ...row, from: shortTime(fromTime), until: shortTime(untilTime) })),
    'nobody has asked for anything',
  );
  for (const { campus: id, state, cause, shortMw, sinceTime, reason } of found.breaches)
    process.stdout.write(`\nbreach: ${id} ${state} (${cause}), ${round(shortMw)} MW since ${shortTime(sinceTime)}: ${reason}\n`);
  if (found.events.length === 0) return;
  process.stdout.write('\n');
  printTable(
    found.events.map(({ fromTime, toTime, askedMwh, deliveredMwh, complianceRatio, ...row }) => ({
      ...row,
      from: shortTime(fromTime),
      to: shortTime(toTime),
      askedMwh: round(askedMwh),
      deliveredMwh: round(deliveredMwh),
      kept: `${(100 * complianceRatio).toFixed(1)} %`,
      reboundMw: round(row.reboundMw),
    })),
    '',
  );
}

export function registerTargets(training: Command): void {
  training
    .command('targets [campus]')
    .description('load targets asked of campuses, breaches that stand, and what past events came to')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone training targets riverbend')
    .action(show);
}
