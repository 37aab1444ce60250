import { distanceKm, type Place } from './distance.js';
import { percentilesOf, type BuiltSite, type PlaceChoice } from './placement.js';

/** A site with load at work, and where it stands. */
export interface RealSite {
  readonly id: string;
  readonly mw: number;
  readonly place: Place | null;
  /** Its node, where it is known; else the nearest is taken. */
  readonly node: string | null;
}

/** A node of the grid around real sites; null: not known. */
export interface RealNode {
  readonly id: string;
  readonly region: string;
  readonly place: Place | null;
  readonly surplusMw: number;
  /** Load that fits; null: any is taken to fit. */
  readonly hostingMw: number | null;
  readonly population: number | null;
  /** Part of the surplus that sites there take already. */
  readonly takenMw: number | null;
}

/** Sites at their nodes, and those no node is near enough to. */
export interface MatchedSites {
  readonly sites: readonly (BuiltSite & { readonly node: string; readonly isFeasible: boolean })[];
  readonly beyondReach: readonly string[];
}

/** Sites before anything is known of places: any percentile is as likely. */
export function unplacedSites(sites: readonly RealSite[]): BuiltSite[] {
  return sites.map(({ id, mw }) => ({ id, mw, region: 'all', places: [], at: -1 }));
}

/** Puts sites at their nodes, at most so far away; sites at one node are one. What a site takes there is given back to it. */
export function matchedSitesOf(sites: readonly RealSite[], nodes: readonly RealNode[], reachKm: number): MatchedSites {
  const atNode = new Map<string, { ids: string[]; mw: number }>();
  const beyondReach: string[] = [];
  for (const site of sites) {
    const node = nodeOf(site, nodes, reachKm);
    if (node === null) {
      beyondReach.push(site.id);
      continue;
    }
    const known = atNode.get(node.id) ?? { ids: [], mw: 0 };
    atNode.set(node.id, { ids: [...known.ids, site.id], mw: known.mw + site.mw });
  }
  const matched = [...atNode].map(([id, { ids, mw }]) => {
    const own = nodes.find((node) => node.id === id) as RealNode;
    const region = nodes.filter((node) => node.region === own.region);
    const fits = (node: RealNode): boolean => node.hostingMw === null || node.hostingMw >= mw;
    const standing = region.filter((node) => fits(node) || node === own);
    const surplusMw = standing.map((node) => node.surplusMw + (node === own ? (node.takenMw ?? 0) : 0));
    const percentiles = percentilesOf(surplusMw);
    const places = standing
      .map(
        (node, place): PlaceChoice => ({
          node: node.id,
          percentile: percentiles[place] ?? 0,
          surplusMw: surplusMw[place] ?? 0,
          population: node.population,
        }),
      )
      .sort((a, b) => a.percentile - b.percentile);
    const at = places.findIndex(({ node }) => node === id);
    return { id: ids.join(' + '), mw, region: own.region, places, at, node: id, isFeasible: fits(own) };
  });
  return { sites: matched, beyondReach };
}

function nodeOf({ place, node }: RealSite, nodes: readonly RealNode[], reachKm: number): RealNode | null {
  if (node !== null) return nodes.find(({ id }) => id === node) ?? null;
  if (place === null) return null;
  let [nearest, leastKm]: [RealNode | null, number] = [null, reachKm];
  for (const each of nodes) {
    if (each.place === null) continue;
    const km = distanceKm(place, each.place);
    if (km <= leastKm) [nearest, leastKm] = [each, km];
  }
  return nearest;
}

/** A part of the globe, degrees. */
export interface Box {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** The box around the contiguous United States. Source: its extreme points, US National Atlas, rounded outwards. */
export const contiguousUs: Box = { south: 24.4, west: -125, north: 49.5, east: -66.9 };

/** Whether a place lies in a box. */
export function isInside({ latitudeDegrees, longitudeDegrees }: Place, { south, west, north, east }: Box): boolean {
  return latitudeDegrees >= south && latitudeDegrees <= north && longitudeDegrees >= west && longitudeDegrees <= east;
}
