import { createClusterModel } from '../../../shared/domain/cluster/model.js';
import type { FactDataOf, Saying } from '../../../shared/domain/fact.js';
import { createFlexibilityModel } from '../../../shared/domain/flexibility/model.js';
import type { Model } from '../../../shared/domain/model.js';
import { draw } from '../../../shared/domain/random.js';
import { runSequences } from '../../../shared/domain/sequenceHost.js';
import { createAddress, rulesOf, sequenceStarts } from '../../../shared/domain/sequences.js';
import { fromWire, minuteMs, toWire, type Instant } from '../../../shared/domain/ticks.js';
import { createFastWorld, holdModel, type FastWorld, type WorldSequences } from '../../../shared/domain/world.js';
import type { World } from '../../../shared/scenario/schema.js';

type Offers = FactDataOf['control.offer.v1']['offers'];

/** Events of the written grid: one in so many ticks, of so many ticks each; 40 in a year of hours. */
const everyTicks = 219;
const eventTicks = 3;
/** Prices of its events, USD/MWh: from below the lowest strike of a fleet to above the highest. */
const prices = { least: 300, most: 1_300 } as const;

/** How a called world is held; as in the fast clock where nothing is said. */
export interface Holding {
  readonly hold: typeof holdModel;
  readonly sequences: WorldSequences;
}

/** Clusters, flexibility and training sequences of a world, against a grid that clears what is written down for it. */
export function createCalledWorld(world: World, holding: Partial<Holding> = {}): FastWorld {
  const { hold = holdModel } = holding;
  return createFastWorld({
    clock: { startMs: fromWire(world.clock.startTime), tickMinutes: world.clock.tickMinutes },
    models: [hold(createClusterModel(world)), hold(createFlexibilityModel(world)), hold(writtenGrid(world))],
    sequences: holding.sequences ?? runSequences({ rulesOf, starts: sequenceStarts(world), address: createAddress(world) }),
  });
}

/** A grid that never dispatches: in its events it clears every offer below a price, whole. */
function writtenGrid(world: World): Model<Readonly<Record<string, Offers>>> {
  return {
    component: 'grid-supply',
    hears: ['control.offer.v1'],
    speaksIn: [2],
    initial: () => ({}),
    observe: (offers, fact) => ({
      state: fact.type === 'control.offer.v1' ? { ...offers, [fact.region]: fact.data.offers } : offers,
      sayings: [],
    }),
    speak: (offers, instant) => {
      const priceUsdPerMwh = priceAt(world, instant.tick);
      const sayings = world.regions.map(({ id }): Saying => {
        const cleared = priceUsdPerMwh === null ? [] : clear(offers[id] ?? [], priceUsdPerMwh, instant);
        return { type: 'grid.clearing.v1', region: id, entity: id, data: { offers: cleared } };
      });
      return { state: offers, sayings };
    },
  };
}

/** Price of the event a tick belongs to; null: of none. */
function priceAt({ seed }: World, tick: number): number | null {
  const event = Math.floor(tick / everyTicks);
  if (tick % everyTicks < everyTicks - eventTicks) return null;
  return prices.least + (prices.most - prices.least) * draw({ seed, component: 'bench', entity: 'grid', purpose: 'price', n: event });
}

function clear(offers: Offers, priceUsdPerMwh: number, { startMs, tickMs }: Instant): FactDataOf['grid.clearing.v1']['offers'] {
  return offers
    .filter(({ offerMw, strikeUsdPerMwh }) => offerMw > 0 && strikeUsdPerMwh < priceUsdPerMwh)
    .map(({ campus, contract, offerMw, noticeMinutes }) => ({
      campus,
      contract,
      clearedMw: offerMw,
      priceUsdPerMwh,
      fromTime: toWire(startMs + noticeMinutes * minuteMs),
      toTime: toWire(startMs + tickMs),
    }));
}
