import type { EventDefinition } from './define.js';

/** A JSON Schema as far as a contract looks at it. */
export interface Shape {
  readonly type?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
}

/** What was promised to integrators with a release: kind and shape of each event. */
export interface Contract {
  readonly version: string;
  readonly events: Readonly<Record<string, { readonly kind: string; readonly data: Shape }>>;
}

/** The contract as the declarations have it now. */
export function contractOf(registry: readonly EventDefinition[], version: string): Contract {
  const events = registry.map(({ type, kind, data }) => [type, { kind, data: JSON.parse(JSON.stringify(data)) as Shape }] as const);
  return { version, events: Object.fromEntries(events) };
}

/** How a contract differs from an earlier one. */
export interface ContractChanges {
  /** What breaks who relied on the earlier one; each needs a new version of the event instead. */
  readonly breaking: readonly string[];
  readonly added: readonly string[];
}

/** Compares two contracts: what is gone, means something else or must now be expected breaks; what may be there besides is added. */
export function changesOf(before: Contract, now: Contract): ContractChanges {
  const breaking: string[] = [];
  const added: string[] = [];
  for (const [type, { kind, data }] of Object.entries(before.events)) {
    const own = now.events[type];
    if (own === undefined) {
      breaking.push(`${type}: is gone`);
      continue;
    }
    if (own.kind !== kind) breaking.push(`${type}: was a ${kind}, is a ${own.kind}`);
    compare(type, data, own.data, { breaking, added });
  }
  for (const type of Object.keys(now.events)) if (before.events[type] === undefined) added.push(`${type}: new`);
  return { breaking, added };
}

interface Found {
  readonly breaking: string[];
  readonly added: string[];
}

function compare(path: string, before: Shape, now: Shape, found: Found): void {
  const { breaking } = found;
  const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
  const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
  if (!isSame(before.type, now.type)) breaking.push(`${path}: type was ${shown(before.type)}, is ${shown(now.type)}`);
  if (before.unit !== now.unit) breaking.push(`${path}: unit was ${shown(before.unit)}, is ${shown(now.unit)}`);
  if (!isSame(before.const, now.const)) breaking.push(`${path}: was always ${shown(before.const)}, is ${shown(now.const)}`);
  // Whoever reads may rely on a range: it may become narrower, not wider.
  if (before.minimum !== undefined && (now.minimum === undefined || now.minimum < before.minimum))
    breaking.push(`${path}: was at least ${before.minimum}, is ${now.minimum ?? 'unbounded'}`);
  if (before.maximum !== undefined && (now.maximum === undefined || now.maximum > before.maximum))
    breaking.push(`${path}: was at most ${before.maximum}, is ${now.maximum ?? 'unbounded'}`);
  compareWords(path, before.enum, now.enum, found);
  if (before.items !== undefined && now.items !== undefined) compare(`${path}[]`, before.items, now.items, found);
  else if ((before.items === undefined) !== (now.items === undefined)) breaking.push(`${path}: has other members`);
  compareMembers(path, before, now, found);
  compareProperties(path, before, now, found);
}

function compareWords(path: string, before: Shape['enum'], now: Shape['enum'], { breaking, added }: Found): void {
  if (before === undefined && now === undefined) return;
  for (const word of before ?? []) if (!(now ?? []).includes(word)) breaking.push(`${path}: ${JSON.stringify(word)} is not said any more`);
  for (const word of now ?? []) if (!(before ?? []).includes(word)) added.push(`${path}: may also be ${JSON.stringify(word)}`);
}

/** Alternatives are told apart by their order: more may come at the end. */
function compareMembers(path: string, before: Shape, now: Shape, found: Found): void {
  const [own, other] = [before.anyOf ?? [], now.anyOf ?? []];
  own.forEach((shape, place) => {
    const next = other[place];
    if (next === undefined) found.breaking.push(`${path}: an alternative is gone`);
    else compare(path, shape, next, found);
  });
  if (other.length > own.length && own.length > 0) found.breaking.push(`${path}: has another alternative`);
}

function compareProperties(path: string, before: Shape, now: Shape, { breaking, added }: Found): void {
  const found = { breaking, added };
  for (const [name, shape] of Object.entries(before.properties ?? {})) {
    const own = now.properties?.[name];
    const at = `${path}.${name}`;
    if (own === undefined) {
      breaking.push(`${at}: is gone`);
      continue;
    }
    const wasSure = before.required?.includes(name) === true;
    if (wasSure && now.required?.includes(name) !== true) breaking.push(`${at}: was always there, may be absent`);
    compare(at, shape, own, found);
  }
  for (const name of Object.keys(now.properties ?? {})) if (before.properties?.[name] === undefined) added.push(`${path}.${name}: new`);
}

/** The page of changes since a release, in Markdown. */
export function contractPage(before: Contract, { breaking, added }: ContractChanges): string {
  const list = (lines: readonly string[]): string => (lines.length === 0 ? 'Nothing.' : lines.map((line) => `- \`${line}\``).join('\n'));
  return [
    '<!-- Generated from shared/events by `npm run reference`: do not edit. -->',
    '',
    '# Changes of the contract',
    '',
    `What integrators of ${before.version} find different. The recorded contract is in \`tests/contract/released\`; a change that breaks it ` +
      'fails the tests: give the event a new version instead.',
    '',
    `## Added since ${before.version}`,
    '',
    list(added),
    '',
    `## Broken since ${before.version}`,
    '',
    list(breaking),
    '',
  ].join('\n');
}
