import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { instant, megawattHours, megawatts, netMegawatts, oneOf, ratio, slug, text, usdPerMwh } from './fields.js';

export const sources = [
  'nuclear',
  'coal',
  'gas-cc',
  'gas-ct',
  'oil',
  'hydro',
  'wind',
  'solar',
  'csp',
  'storage',
  'import',
  'other',
] as const;
export type Source = (typeof sources)[number];
export const reserveStates = ['normal', 'watch', 'warning', 'emergency'] as const;
export type ReserveState = (typeof reserveStates)[number];

const reasons = Type.Optional(
  Type.Array(
    record({
      cause: oneOf(
        ['reserve-below', 'upward-shortfall', 'downward-shortfall', 'unserved'],
        'Reserve below a threshold, worst loss of a unit or of campuses not covered, load not served.',
      ),
      state: oneOf(reserveStates, 'Word it asks for at least.'),
      missingMw: megawatts('What is missing, or not served.'),
    }),
    { description: 'Why the word is not normal, and what there is to know beside it; gravest first.' },
  ),
);
const contingency = (description: string) => Type.Optional(Type.Union([slug(description), Type.Null()], { description }));
const optionalMw = (description: string) => Type.Optional(megawatts(description));
const sentence = Type.Optional(text('The state word and its reasons in words.'));

export const gridSupply = defineEvent({
  type: 'grid.supply.v1',
  kind: 'state',
  summary:
    'What the units and storages of a region deliver, mean over the tick; generation + discharge + import = demand + charge + export.',
  data: record({
    generationMw: megawatts('Output of all units.'),
    availableMw: megawatts('What all units could deliver.'),
    chargeMw: megawatts('Drawn by storages.'),
    dischargeMw: megawatts('Delivered by storages.'),
    importMw: megawatts('Net power in from other regions, zero when the region exports.'),
    exportMw: megawatts('Net power out to other regions, zero when the region imports.'),
    sources: Type.Array(
      record({ source: oneOf(sources, 'Kind of unit.'), generationMw: megawatts('Output.'), availableMw: megawatts('Could deliver.') }),
    ),
    units: Type.Array(
      record({ unit: slug('Unit.'), generationMw: megawatts('Output.'), availableMw: megawatts('Could deliver; 0 when tripped.') }),
    ),
    storages: Type.Array(
      record({
        storage: slug('Storage.'),
        chargeMw: megawatts('Drawn.'),
        dischargeMw: megawatts('Delivered.'),
        storedMwh: megawattHours('Energy in store at the end of the tick.'),
      }),
    ),
  }),
  example: {
    generationMw: 3500,
    availableMw: 4900,
    chargeMw: 0,
    dischargeMw: 0,
    importMw: 850,
    exportMw: 0,
    sources: [{ source: 'nuclear', generationMw: 800, availableMw: 800 }],
    units: [{ unit: 'central-nuclear-1', generationMw: 800, availableMw: 800 }],
    storages: [],
  },
});

export const gridDemand = defineEvent({
  type: 'grid.demand.v1',
  kind: 'state',
  summary: 'Load of a region, mean over the tick; served + unserved = native + campus.',
  data: record({
    nativeMw: megawatts('Load of the region without its campuses.'),
    campusMw: megawatts('Load of its campuses after what cleared as flexible.'),
    demandMw: megawatts('Native plus campus load.'),
    unservedMw: megawatts('Load that could not be served.'),
  }),
  example: { nativeMw: 3750, campusMw: 600, demandMw: 4350, unservedMw: 0 },
});

export const gridPrice = defineEvent({
  type: 'grid.price.v1',
  kind: 'state',
  summary: 'Price of energy in a region and at each of its buses, duals of the dispatch; includes reserve scarcity.',
  data: record({
    priceUsdPerMwh: usdPerMwh('Load-weighted mean of the bus prices; plain mean where the region has no load.'),
    reserveScarcityUsdPerMwh: usdPerMwh('Part of the price that stems from a shortage of reserve; 0 at buses whose price is below it.'),
    energyUsdPerMwh: Type.Optional(usdPerMwh('The rest of the price: energy and congestion.')),
    buses: Type.Array(record({ bus: slug('Bus.'), priceUsdPerMwh: usdPerMwh('Marginal price at the bus.') })),
  }),
  example: { priceUsdPerMwh: 31.4, reserveScarcityUsdPerMwh: 0, energyUsdPerMwh: 31.4, buses: [{ bus: 'central', priceUsdPerMwh: 31.4 }] },
});

export const gridFlow = defineEvent({
  type: 'grid.flow.v1',
  kind: 'state',
  summary: 'Power on the lines that begin in a region, and on the interfaces named after it.',
  data: record({
    lines: Type.Array(
      record({
        line: slug('Line.'),
        netFlowMw: netMegawatts('From its first to its second bus; negative the other way.'),
        ratingMw: megawatts('Continuous rating; 0 when the line is out. Lines without a rating are not listed.'),
      }),
    ),
    interfaces: Type.Array(
      record({ interface: slug('Interface.'), netFlowMw: netMegawatts('In the direction of its limit.'), limitMw: megawatts('Limit.') }),
    ),
    fromRatio: Type.Optional(
      ratio('What carries less than this share of its limit is left out, unless it is out of service; absent or 0: all is there.'),
    ),
  }),
  example: {
    lines: [{ line: 'west-central-1', netFlowMw: 512.5, ratingMw: 700 }],
    interfaces: [{ interface: 'west-export', netFlowMw: 1250, limitMw: 1250 }],
    fromRatio: 0,
  },
});

export const gridCurtailment = defineEvent({
  type: 'grid.curtailment.v1',
  kind: 'state',
  summary: 'Wind, sun and water that was there and not taken, mean over the tick.',
  data: record({
    curtailedMw: megawatts('All of the region.'),
    units: Type.Array(record({ unit: slug('Unit with curtailment above zero.'), curtailedMw: megawatts('Not taken.') })),
  }),
  example: { curtailedMw: 420, units: [{ unit: 'west-wind-1', curtailedMw: 420 }] },
});

export const gridReserve = defineEvent({
  type: 'grid.reserve.v1',
  kind: 'state',
  summary: 'Operating reserve of the whole system against its requirement, and the state word that follows from it.',
  data: record({
    requirementMw: megawatts('Required.'),
    availableMw: megawatts('Reserve that could be called now.'),
    shortageMw: megawatts('Requirement not met.'),
    scarcityUsdPerMwh: usdPerMwh('Price of the last missing MW of reserve.'),
    state: oneOf(reserveStates, 'One word for the system.'),
    sentence,
    reasons,
    upwardLoss: contingency('Unit or storage whose sudden loss running units cover worst; null: nothing runs.'),
    upwardLossMw: optionalMw('What its loss takes away.'),
    upwardReserveMw: optionalMw('What the other running units can add in the minutes the scenario gives them.'),
    upwardShortfallMw: optionalMw('What is missing then.'),
    downwardLoss: contingency('Bus whose campuses, lost together, running units cover worst; null: no campus draws power.'),
    downwardLossMw: optionalMw('Load lost with them.'),
    downwardReserveMw: optionalMw('What running units can take back in the same time, down to their least output.'),
    downwardShortfallMw: optionalMw('What is missing then.'),
  }),
  example: {
    requirementMw: 950,
    availableMw: 1420,
    shortageMw: 0,
    scarcityUsdPerMwh: 0,
    state: 'normal',
    sentence: 'Reserve of 1420 MW meets the requirement of 950 MW.',
    reasons: [{ cause: 'upward-shortfall', state: 'normal', missingMw: 120 }],
    upwardLoss: 'central-nuclear-1',
    upwardLossMw: 800,
    upwardReserveMw: 680,
    upwardShortfallMw: 120,
    downwardLoss: 'central',
    downwardLossMw: 480,
    downwardReserveMw: 2100,
    downwardShortfallMw: 0,
  },
});

export const gridState = defineEvent({
  type: 'grid.state.v1',
  kind: 'milestone',
  summary: 'The state word of the system changed.',
  data: record({
    state: oneOf(reserveStates, 'From now on.'),
    previousState: oneOf(reserveStates, 'Until now.'),
    availableReserveMw: megawatts('Reserve at the change.'),
    sentence,
    reasons,
  }),
  example: {
    state: 'watch',
    previousState: 'normal',
    availableReserveMw: 880,
    sentence: 'Reserve of 880 MW is 70 MW below the 950 MW where watch begins.',
    reasons: [{ cause: 'reserve-below', state: 'watch', missingMw: 70 }],
  },
});

export const gridContingency = defineEvent({
  type: 'grid.contingency.v1',
  kind: 'milestone',
  summary: 'A unit, line or campus connection tripped or came back.',
  data: record({
    equipment: oneOf(['unit', 'line', 'campus'], 'What kind of thing.'),
    change: oneOf(['trip', 'return'], 'What happened.'),
    capacityMw: megawatts('Capacity lost or regained.'),
    reason: text('Scripted, drawn, planned or injected, and why.'),
  }),
  example: { equipment: 'unit', change: 'trip', capacityMw: 450, reason: 'script' },
});

export const gridClearing = defineEvent({
  type: 'grid.clearing.v1',
  kind: 'state',
  summary: 'Which offers of flexible load cleared in a region, and for which interval; empty when none did.',
  data: record({
    offers: Type.Array(
      record({
        campus: slug('Campus.'),
        contract: slug('Contract.'),
        clearedMw: megawatts('Reduction that cleared.'),
        priceUsdPerMwh: usdPerMwh('Price at the bus of the campus in the solve that cleared it.'),
        fromTime: instant('From when the reduction is wanted.'),
        toTime: instant('Until when this clearing speaks.'),
      }),
    ),
  }),
  example: {
    offers: [
      {
        campus: 'riverbend',
        contract: 'riverbend-a',
        clearedMw: 126,
        priceUsdPerMwh: 640,
        fromTime: '2027-07-13T23:30:00.000Z',
        toTime: '2027-07-13T23:35:00.000Z',
      },
    ],
  },
});
