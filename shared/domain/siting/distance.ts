/** A place on the globe, degrees; north and east count up from 0. */
export interface Place {
  readonly latitudeDegrees: number;
  readonly longitudeDegrees: number;
}

/** Mean radius of the Earth, km. Source: IUGG, R1. */
const earthRadiusKm = 6_371.0088;
/** Light in vacuum, km/s, and the group index of standard single-mode fibre at 1,550 nm (Corning SMF-28 data sheet: 1.4682). */
const lightKmPerSecond = 299_792.458;
const fibreGroupIndex = 1.4682;

/** Miles in a kilometre. */
export const milesPerKm = 1 / 1.609344;

/** Great-circle distance, km (haversine). */
export function distanceKm(one: Place, other: Place): number {
  const rad = Math.PI / 180;
  const halfLatitude = ((other.latitudeDegrees - one.latitudeDegrees) * rad) / 2;
  const halfLongitude = ((other.longitudeDegrees - one.longitudeDegrees) * rad) / 2;
  const h =
    Math.sin(halfLatitude) ** 2 +
    Math.cos(one.latitudeDegrees * rad) * Math.cos(other.latitudeDegrees * rad) * Math.sin(halfLongitude) ** 2;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** There and back through fibre that is so many times as long as the great circle, ms; nothing but the way of light. */
export function roundTripMs(km: number, fibreFactor: number): number {
  return (2_000 * km * fibreFactor * fibreGroupIndex) / lightKmPerSecond;
}

/** Users at a place; weights are shares of any one whole. */
export interface Users extends Place {
  readonly weight: number;
}

/** Round trip from a place to its users, mean by weight, ms; null without users. */
export function latencyMs(place: Place, users: readonly Users[], fibreFactor: number): number | null {
  const total = users.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0)) return null;
  return users.reduce((sum, each) => sum + each.weight * roundTripMs(distanceKm(place, each), fibreFactor), 0) / total;
}
