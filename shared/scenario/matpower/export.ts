import type { NetworkFile } from '../networkFile.js';
import type { Network, Unit } from '../networkSchema.js';
import { numbered } from './branches.js';
import { matrices } from './caseTable.js';
import { costRowsOf } from './costRows.js';
import { snapshotOf, type Snapshot } from './snapshot.js';
import { wordsOf } from './sources.js';

type Cell = number | string;

/**
 * A network at one hour as a MATPOWER case of version 2 on 100 MVA; reading it back gives the same buses, lines, links, and units as far
 * as a case can hold them. Its head says what it cannot. `hour` counts from the start of the network; null: the hour of the highest load.
 * @throws TWIN_WRONG_INPUT for an hour that the series do not cover.
 */
export function caseOf(file: NetworkFile, hour: number | null): { readonly text: string; readonly snapshot: Snapshot } {
  const snapshot = snapshotOf(file, hour);
  const { network } = file;
  const busNumbers = numbersOf(
    network.buses.map(({ id }) => id),
    '',
  );
  const numberOf = (bus: string): number => busNumbers.get(bus) ?? 0;
  const areaNumbers = numbersOf(
    file.regions.map(({ id }) => id),
    'area-',
  );
  const parts = [
    ...headOf(file, { snapshot, areaNumbers }),
    matrix('bus', busRows(network, { snapshot, numberOf, areaOf: (region) => areaNumbers.get(region) ?? 0 })),
    matrix('gen', unitRows(network, { snapshot, numberOf })),
    matrix('gencost', costRowsOf(network.units, snapshot.costRatio)),
    matrix('branch', lineRows(network, numberOf)),
    ...(network.links.length === 0 ? [] : [matrix('dcline', linkRows(network, numberOf))]),
    ...namesOf(network, numberOf),
  ];
  return { text: `${parts.join('\n\n')}\n`, snapshot };
}

/** What is read: function, where it comes from, what it does not hold, and the two numbers every case has. */
function headOf(
  { name, regions, network, series }: NetworkFile,
  { snapshot, areaNumbers }: { readonly snapshot: Snapshot; readonly areaNumbers: ReadonlyMap<string, number> },
): string[] {
  const identifier = name.replace(/[^a-z0-9]+/gi, '_').replace(/^(?![a-z])/i, 'case_');
  const isStill = Object.keys(series).length === 0 && regions.every(({ load }) => load.kind === 'constant');
  const lost = (
    [
      ['storages', network.storages.length],
      ['interface limits', network.interfaces.length],
      ['changes over the years', network.changes.length],
      ['commitment costs', network.units.filter((unit) => unit.commitment !== null).length],
      ['daily energy', network.units.filter((unit) => unit.dailyEnergyMwh !== null).length],
      ['forced outages', network.units.filter((unit) => unit.forcedOutage !== null).length],
      ['units that may be off: here all in service run', network.units.filter((unit) => !unit.isAlwaysOn).length],
    ] as const
  ).flatMap(([what, count]) => (count === 0 ? [] : [`%   ${what} (${count})`]));
  const areas = regions.filter(({ id }) => id !== `area-${areaNumbers.get(id)}`);
  return [
    [
      `function mpc = ${identifier}`,
      `% Network "${name}" as MATPOWER case of version 2, written by Loadstone.`,
      ...(isStill ? [] : [`% Loads and what units can deliver are those of hour ${snapshot.hour}, from ${snapshot.atTime}.`]),
      ...(areas.length === 0 ? [] : [`% Areas: ${areas.map(({ id }) => `${areaNumbers.get(id)} ${id}`).join(', ')}.`]),
      '% For DC power flow and DC OPF. Not carried:',
      '%   voltages and reactive power: set to 1 p.u. and 0; line charging and bus susceptance: 0',
      '%   inertia, carbon, minimum up and down times',
      ...lost,
      ...(network.links.length === 0 ? [] : ["% mpc.dcline counts after toggle_dcline(mpc, 'on')."]),
    ].join('\n'),
    "mpc.version = '2';\nmpc.baseMVA = 100;",
  ];
}

function busRows(
  { buses, units }: Network,
  how: {
    readonly snapshot: Snapshot;
    readonly numberOf: (bus: string) => number;
    readonly areaOf: (region: string) => number;
  },
): Cell[][] {
  const withUnits = new Set(units.map(({ bus }) => bus));
  return buses.map(({ id, region, shuntMw, baseKv, isReference }, place) => {
    const [number, area, type] = [how.numberOf(id), how.areaOf(region), isReference ? 3 : withUnits.has(id) ? 2 : 1];
    return [number, type, how.snapshot.loadMw[place] ?? 0, 0, shuntMw, 0, area, 1, 0, baseKv ?? 0, area, 1.1, 0.9];
  });
}

function unitRows(
  { units }: Network,
  { snapshot, numberOf }: { readonly snapshot: Snapshot; readonly numberOf: (bus: string) => number },
): Cell[][] {
  return units.map((unit, place) => {
    const availableMw = snapshot.availableMw[place] ?? null;
    const mostMw = availableMw ?? unit.capacityMw;
    const ramp = unit.rampMwPerMinute ?? 0;
    const limits = [mostMw, Math.min(unit.minMw, mostMw)];
    const ramps = [ramp, ramp * 10, ramp * 30, 0, 0];
    return [
      numberOf(unit.bus),
      unit.scheduledMw ?? 0,
      0,
      0,
      0,
      1,
      100,
      availableMw === null ? 0 : 1,
      ...limits,
      0,
      0,
      0,
      0,
      0,
      0,
      ...ramps,
    ];
  });
}

function lineRows({ lines }: Network, numberOf: (bus: string) => number): Cell[][] {
  return lines.map((line) => {
    const ends = [numberOf(line.fromBus), numberOf(line.toBus)];
    const longTermMw = line.emergencyRatingMw ?? 0;
    const ratings = [line.ratingMw ?? 0, longTermMw, longTermMw];
    const turns = [line.tapRatio === 1 ? 0 : line.tapRatio, line.phaseShiftDegrees];
    return [...ends, line.resistancePu, line.reactancePu, 0, ...ratings, ...turns, 1, line.angleMinDegrees, line.angleMaxDegrees];
  });
}

function linkRows({ links }: Network, numberOf: (bus: string) => number): Cell[][] {
  return links.map((link) => {
    const scheduledMw = link.scheduledMw ?? 0;
    const range = [-(link.reverseCapacityMw ?? link.capacityMw), link.capacityMw];
    return [numberOf(link.fromBus), numberOf(link.toBus), 1, scheduledMw, scheduledMw, 0, 0, 1, 1, ...range, 0, 0, 0, 0, 0, 0];
  });
}

/** Names, kinds and ids; ids only where reading the case would not make the same ones. */
function namesOf({ buses, units, lines, links }: Network, numberOf: (bus: string) => number): string[] {
  const made = (kind: string, things: readonly { readonly fromBus: string; readonly toBus: string }[]): string[] => {
    const nextId = numbered(kind);
    return things.map(({ fromBus, toBus }) => nextId(fromBus, toBus));
  };
  const nextUnit = numbered('gen');
  const madeUnits = units.map(({ bus }) => nextUnit(bus));
  const hasOwnUnits = units.some(({ id, name }, place) => id !== madeUnits[place] || name !== id);
  const fuels = units.map(({ source }) => wordsOf(source));
  const differ = (things: readonly { readonly id: string }[], ids: readonly string[]): boolean =>
    things.some(({ id }, place) => id !== ids[place]);
  const idList = (field: string, things: readonly { readonly id: string }[]): string =>
    cells(
      field,
      things.map(({ id }) => [id]),
    );
  return [
    ...(buses.some(({ id, name }) => name !== id)
      ? [
          cells(
            'bus_name',
            buses.map(({ name }) => [name]),
          ),
        ]
      : []),
    ...(differ(
      buses,
      buses.map(({ id }) => String(numberOf(id))),
    )
      ? [idList('bus_id', buses)]
      : []),
    ...(hasOwnUnits
      ? [
          cells(
            'gen_name',
            units.map(({ name }) => [name]),
          ),
          idList('gen_id', units),
        ]
      : []),
    cells(
      'genfuel',
      fuels.map(([fuel]) => [fuel]),
    ),
    cells(
      'gentype',
      fuels.map(([, type]) => [type]),
    ),
    ...(units.some(isOfKnownTechnology)
      ? [
          cells(
            'gen_technology',
            units.map(({ technology }) => [technology]),
          ),
        ]
      : []),
    ...(differ(lines, made('line', lines)) ? [idList('branch_id', lines)] : []),
    ...(differ(links, made('dc', links)) ? [idList('dcline_id', links)] : []),
  ];
}

function isOfKnownTechnology({ technology }: Unit): boolean {
  return technology !== '';
}

/** Numbers of things whose ids are `prefix` and a whole number, else their places from 1. A bus has no number 0, an area may. */
function numbersOf(ids: readonly string[], prefix: '' | 'area-'): ReadonlyMap<string, number> {
  const numbers = ids.map((id) => (id.startsWith(prefix) ? id.slice(prefix.length) : ''));
  const areNumbers = numbers.every((number) => /^[1-9]\d{0,8}$/.test(number) || (prefix !== '' && number === '0'));
  return new Map(ids.map((id, place) => [id, areNumbers ? Number(numbers[place]) : place + 1]));
}

function matrix(name: keyof typeof matrices, rows: readonly (readonly Cell[])[]): string {
  return `%\t${matrices[name].columns.join('\t')}\nmpc.${name} = [\n${rows.map((row) => `\t${row.join('\t')};`).join('\n')}\n];`;
}

function cells(name: string, rows: readonly (readonly string[])[]): string {
  const quoted = (text: string): string => `'${text.replace(/[\r\n]+/g, ' ').replaceAll("'", "''")}'`;
  return `mpc.${name} = {\n${rows.map((row) => `\t${row.map(quoted).join('\t')};`).join('\n')}\n};`;
}
