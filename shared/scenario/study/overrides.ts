import { timesIn, type Setting } from '../../domain/study/cells.js';
import { worldSchema, type World } from '../schema.js';
import { filledIn, isRecord, memberOf, misfitOf, shapeOf, shown, type Misfit, type Shape } from '../shape.js';
import { nearestNames } from './near.js';

const worldShape = shapeOf(worldSchema);

/** What a study says elsewhere than in overrides. */
const saidElsewhere: Readonly<Record<string, string>> = {
  schema: 'no override of it',
  name: 'no override of it',
  seed: 'the field seeds of the study',
  'clock.startTime': 'the field horizon.fromTime of the study',
  'clock.holdAtTime': 'the field horizon.untilTime of the study',
  'clock.tickMinutes': 'the field tickMinutes of the study',
  'clock.rate': 'no override of it: a study runs as fast as it can',
};

/** Fields that tell the entries of a list apart, where they have one. */
const nameFields = ['id', 'block', 'site'] as const;

/** What came of a setting: the world with it, not yet checked as a whole, or why it cannot be made. */
export type Made = { readonly kind: 'made'; readonly world: unknown } | { readonly kind: 'misfit'; readonly misfit: Misfit };

/** A world with some settings made, one after the other; each value has to fit its own place. */
export function withSettings(world: World, settings: readonly Setting[]): Made {
  let made: unknown = world;
  for (const setting of settings) {
    const elsewhere = ownOf(saidElsewhere, setting.key);
    if (elsewhere !== undefined)
      return { kind: 'misfit', misfit: { field: setting.key, found: 'a key that is not overridden', allowed: elsewhere } };
    const next = change(worldShape, made, setting, 0);
    if (next.kind === 'misfit') return next;
    made = next.value;
  }
  return { kind: 'made', world: made };
}

type Changed = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'misfit'; readonly misfit: Misfit };

/** A part of a world with what the key from its part `depth` on names changed. */
function change(shape: Shape, node: unknown, setting: Setting, depth: number): Changed {
  const parts = setting.key.split('.');
  const part = parts[depth];
  if (part === undefined) return changedValue(shape, node, setting);
  if (Array.isArray(node)) return changeInList(shape.items ?? {}, node, { setting, depth, part });
  if (!isRecord(node)) return misfit(setting, depth, `${shown(node)}, which has nothing inside`, 'a key that ends there');
  const own = shape.anyOf === undefined ? shape : (memberOf(shape.anyOf, node) ?? {});
  const every = Object.values(own.patternProperties ?? {})[0];
  const inner = ownOf(own.properties ?? {}, part) ?? (Object.hasOwn(node, part) ? every : undefined);
  if (inner === undefined) return unknown(setting, depth, Object.keys(own.properties ?? node));
  const changed = change(inner, node[part], setting, depth + 1);
  return changed.kind === 'misfit' ? changed : { kind: 'value', value: { ...node, [part]: changed.value } };
}

/** What a record holds under a name; nothing that every object has. */
function ownOf<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function changeInList(
  items: Shape,
  list: readonly unknown[],
  { setting, depth, part }: { readonly setting: Setting; readonly depth: number; readonly part: string },
): Changed {
  const names = list.map(nameOf);
  if (part !== '*' && !names.includes(part)) return unknown(setting, depth, names);
  const changed: unknown[] = [];
  for (const [place, item] of list.entries()) {
    const made: Changed = part === '*' || names[place] === part ? change(items, item, setting, depth + 1) : { kind: 'value', value: item };
    if (made.kind === 'misfit') return made;
    changed.push(made.value);
  }
  return { kind: 'value', value: changed };
}

/** Name of an entry of a list: its id, its number, its site, else its place. */
function nameOf(item: unknown, place: number): string {
  const field = isRecord(item) ? nameFields.find((name) => name in item) : undefined;
  return isRecord(item) && field !== undefined ? String(item[field]) : String(place);
}

/** The new value of a place, if it fits there. */
function changedValue(shape: Shape, node: unknown, { key, value }: Setting): Changed {
  const times = timesIn(value);
  if (times !== null && typeof node !== 'number')
    return { kind: 'misfit', misfit: { field: key, found: `a multiple of ${shown(node)}`, allowed: 'a multiple of a number' } };
  const given = times !== null && typeof node === 'number' ? node * times : value;
  const found = misfitOf(shape, filledIn(shape, given), key);
  return found === null ? { kind: 'value', value: given } : { kind: 'misfit', misfit: found };
}

function unknown(setting: Setting, depth: number, known: readonly string[]): Changed {
  const part = setting.key.split('.')[depth] ?? '';
  return misfit(
    setting,
    depth,
    `no ${JSON.stringify(part)}`,
    known.length === 0 ? 'none, the list is empty' : nearestNames(part, known).join(', '),
  );
}

/** A misfit at a part of a key; the names allowed are those in its place. */
function misfit({ key }: Setting, depth: number, found: string, allowed: string): Changed {
  const parent = key.split('.').slice(0, depth).join('.');
  return { kind: 'misfit', misfit: { field: key, found: `${found} in ${parent === '' ? 'the scenario' : parent}`, allowed } };
}
