import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** 32-bit FNV-1a over the UTF-16 units of a text, going on from a basis: that of another text gives that of both, one after the other. */
function hash(text: string, basis: number): number {
  let h = basis;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Spreads every bit of a word over all others (MurmurHash3, final step), so that keys that differ in their last letter do not move together. */
function mixed(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Names one draw: adding a component or an entity disturbs no other draw. */
export interface DrawKey {
  readonly seed: number;
  readonly component: string;
  readonly entity: string;
  readonly purpose: string;
  readonly n: number;
}

/** Uniform number in [0, 1) that depends on its key alone. */
export function draw(key: DrawKey): number {
  return drawsOf(key)(key.n);
}

/** What `draw` gives for every n of a key. */
export function drawsOf({ seed, component, entity, purpose }: Omit<DrawKey, 'n'>): (n: number) => number {
  const text = `${seed}/${component}/${entity}/${purpose}/`;
  const [first, second] = [hash(text, 0x811c9dc5), hash(text, 0x9e3779b9)];
  return (n) => uniform(mixed(hash(`${n}`, first)) ^ Math.imul(mixed(hash(`${n}`, second)), 31));
}

function uniform(seed: number): number {
  const generator = xoroshiro128plus(seed);
  generator.next();
  generator.next();
  const high = generator.next() >>> 5;
  const low = generator.next() >>> 6;
  return (high * 67_108_864 + low) / 9_007_199_254_740_992;
}

/** Standard normal number of a key, by Box and Muller. */
export function drawNormal(key: DrawKey): number {
  return normalsOf(key)(key.n);
}

/** What `drawNormal` gives for every n of a key. */
export function normalsOf(key: Omit<DrawKey, 'n'>): (n: number) => number {
  const radius = drawsOf({ ...key, purpose: `${key.purpose}/radius` });
  const angle = drawsOf({ ...key, purpose: `${key.purpose}/angle` });
  return (n) => Math.sqrt(-2 * Math.log(1 - radius(n))) * Math.cos(2 * Math.PI * angle(n));
}

/** Lognormal number with median `median` and shape `sigma`: median * exp(sigma * Z). */
export function drawLognormal(key: DrawKey, median: number, sigma: number): number {
  return median * Math.exp(sigma * drawNormal(key));
}

/** Triangular number between `min` and `max` with mode `mode`, by inversion. */
export function drawTriangular(key: DrawKey, min: number, mode: number, max: number): number {
  const u = draw(key);
  const split = (mode - min) / (max - min);
  return u < split ? min + Math.sqrt(u * (max - min) * (mode - min)) : max - Math.sqrt((1 - u) * (max - min) * (max - mode));
}
