import fc from 'fast-check';
import { vi } from 'vitest';
import { stopwatchMs } from '../../shared/runtime/clock.js';
import { TwinError, type TwinErrorCode } from '../../shared/runtime/errors.js';

/** Cases of each property: a thousand in `npm test`; `LOADSTONE_CASES=10000` by hand. */
export const cases = Number(process.env['LOADSTONE_CASES'] ?? 1_000);

vi.setConfig({ testTimeout: Math.max(30_000, 60 * cases) });

/** The same cases in every run, so that what fails once fails again; `share` of the thousand where a case takes long. */
const drawn = (share: number) => ({ numRuns: Math.max(1, Math.round(cases * share)), seed: 11 }) as const;

/** Looks at every case drawn; fails with the first complaint, and the smallest case found for it, cut to what can be read. */
export function everyCase<Value>(value: fc.Arbitrary<Value>, complaintOf: (value: Value) => string | null, share = 1): void {
  const held = fc.check(
    fc.property(value, (one) => {
      const complaint = complaintOf(one);
      if (complaint !== null) throw new Error(complaint);
    }),
    drawn(share),
  );
  if (held.failed) throw new Error(wordsOf(held.errorInstance, held.counterexample?.[0]));
}

/** The same where a case takes its time. */
export async function everyCaseLater<Value>(
  value: fc.Arbitrary<Value>,
  complaintOf: (value: Value) => Promise<string | null>,
  share = 1,
): Promise<void> {
  const held = await fc.check(
    fc.asyncProperty(value, async (one) => {
      const complaint = await complaintOf(one);
      if (complaint !== null) throw new Error(complaint);
    }),
    drawn(share),
  );
  if (held.failed) throw new Error(wordsOf(held.errorInstance, held.counterexample?.[0]));
}

function wordsOf(error: unknown, found: unknown): string {
  const text = Buffer.isBuffer(found) ? JSON.stringify(found.toString('utf8')) : (JSON.stringify(found) ?? String(found));
  return `${error instanceof Error ? error.message : String(error)}\nfor ${text.slice(0, 300)}`;
}

/** Longest message of a refusal: it is one line, and somebody has to read it. */
const longestMessage = 2_500;
/** A refusal that takes longer is a hang to whoever waits for it. */
const longestMs = 5_000;
const megabyte = 'x'.repeat(2 ** 20 + 1);

/** Lists in lists, far deeper than anybody writes. */
export function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

const deep = nested(1_000);

/** Names that mean something to the language, to a subject, to a line of the history or to a reader. */
export const oddTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\nb',
  'a\r\nb: found',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '\ud800',
  '\udc00x',
  'river\u0431end',
  '\u202egnp.exe',
  'loadstone.*.grid.>',
  '>',
  'a,region=b value=1 0',
  '${7*7}',
  '../../etc/passwd',
  '1e999',
  'NaN',
  '-0',
  '0x10',
  '9007199254740993',
  '1970-01-01T00:00:00.000Z',
  '2262-04-12T00:00:00.000Z',
  '-000001-01-01T00:00:00.000Z',
  '2027-02-30T00:00:00.000Z',
  '2027-07-13T17:00:00.000+99:99',
  megabyte,
];

const oddNumbers: readonly number[] = [NaN, Infinity, -Infinity, -0, 0, -1, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 53 + 2, 0.1, 1e21];

/** What a field holds that nobody should have written. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...oddNumbers) },
  { weight: 4, arbitrary: fc.constantFrom(...oddTexts) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, undefined, true, false, [], {}, [[]], JSON.parse('{"__proto__":{"x":1}}'), deep) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
);

/** Anything that JSON can say, and some that it cannot. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  oddValue,
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(fc.constantFrom(...oddTexts), oddValue),
);

type Path = readonly (string | number)[];

/** Every place in a value, from the whole down. */
function placesIn(value: unknown, path: Path = []): readonly Path[] {
  if (Array.isArray(value)) return [path, ...value.slice(0, 40).flatMap((item, place) => placesIn(item, [...path, place]))];
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => placesIn(item, [...path, key]))];
}

interface Change {
  readonly at: number;
  readonly kind: 'replace' | 'remove' | 'add' | 'repeat' | 'shift';
  readonly key: string;
  readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'repeat', 'shift'),
  key: fc.constantFrom(...oddTexts),
  value: oddValue,
});

/** A sound value with one to three things wrong with it: a field gone, of another type or range, too many, twice. */
export function spoilt(sound: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(sound);
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((value, one) => changedAt(value, places[one.at % places.length] ?? [], one), sound));
}

function changedAt(value: unknown, path: Path, one: Change): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return changedHere(value, one);
  if (Array.isArray(value) && typeof first === 'number' && first < value.length) {
    if (rest.length === 0 && one.kind === 'remove') return value.filter((_, place) => place !== first);
    return value.with(first, changedAt(value[first], rest, one));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, first)) return value;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    if (key !== String(first)) return [[key, item] as const];
    return rest.length === 0 && one.kind === 'remove' ? [] : [[key, changedAt(item, rest, one)] as const];
  });
  return Object.fromEntries(entries);
}

function changedHere(value: unknown, { kind, key, value: odd }: Change): unknown {
  if (kind === 'add' && typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries([...Object.entries(value), [key, odd]]);
  if (kind === 'add' && Array.isArray(value)) return [...value, odd];
  if (kind === 'repeat' && Array.isArray(value)) return [...value, ...value];
  if (kind === 'shift' && typeof value === 'number') return value * 1_000 + 0.5;
  if (kind === 'shift' && typeof value === 'string') return `${value}${key}`;
  return kind === 'remove' ? undefined : odd;
}

interface Edit {
  readonly at: number;
  readonly length: number;
  readonly kind: 'cell' | 'insert' | 'cut' | 'end' | 'line twice' | 'line gone' | 'lines swapped' | 'other ends' | 'whole twice';
  readonly text: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 30 }),
  kind: fc.constantFrom(
    'cell',
    'cell',
    'cell',
    'insert',
    'cut',
    'end',
    'line twice',
    'line gone',
    'lines swapped',
    'other ends',
    'whole twice',
  ),
  text: fc.oneof(
    fc.constantFrom(...oddTexts, '"', "'", ',', ';', '{', ']', '%', '#', '\t', '&a *a', '!!js', '- -', '='),
    fc.string({ unit: 'binary', maxLength: 8 }),
  ),
});

/** A sound text of lines with one to three things wrong with it, as bytes; now and then bytes that are no text. */
export function spoiltText(sound: string): fc.Arbitrary<Buffer> {
  const edited = fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => Buffer.from(edits.reduce(edited1, sound)));
  const bytes = fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 6 })).map(([at, odd]) => {
    const whole = Buffer.from(sound);
    const place = at % whole.length;
    return Buffer.concat([whole.subarray(0, place), odd, whole.subarray(place)]);
  });
  return fc.oneof({ weight: 8, arbitrary: edited }, { weight: 1, arbitrary: bytes }, { weight: 1, arbitrary: anyBytes });
}

/** Bytes of any kind. */
export const anyBytes: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 100 }).map((text) => Buffer.from(text)),
  fc.constantFrom(...oddTexts).map((text) => Buffer.from(text)),
);

function edited1(text: string, { at, length, kind, text: odd }: Edit): string {
  const place = at % (text.length + 1);
  const lines = text.split('\n');
  const line = at % lines.length;
  const own = lines[line] ?? '';
  switch (kind) {
    case 'cell': {
      const cells = own.split(/([,;\t]|: )/);
      const cell = 2 * (length % Math.ceil(cells.length / 2));
      return lines.with(line, cells.with(cell, odd).join('')).join('\n');
    }
    case 'insert':
      return text.slice(0, place) + odd + text.slice(place);
    case 'cut':
      return text.slice(0, place) + text.slice(place + length);
    case 'end':
      return text.slice(0, place);
    case 'line twice':
      return lines.toSpliced(line, 0, own).join('\n');
    case 'line gone':
      return lines.toSpliced(line, 1).join('\n');
    case 'lines swapped':
      return lines
        .with(line, lines[0] ?? '')
        .with(0, own)
        .join('\n');
    case 'other ends':
      return lines.join('\r');
    case 'whole twice':
      return text + text;
  }
}

/** What is wrong with how something is refused; null: it is accepted, or refused in one line with the code that is declared. */
export function complaintAbout(error: unknown, code: TwinErrorCode, place = ''): string | null {
  if (!(error instanceof TwinError))
    return `not declared: ${error instanceof Error ? (error.stack ?? error.message).slice(0, 600) : String(error)}`;
  if (error.code !== code) return `${error.code} in place of ${code}: ${error.message.slice(0, 200)}`;
  if (!error.message.includes(place)) return `does not name ${place}: ${error.message.slice(0, 200)}`;
  return complaintAboutLine(error.message);
}

/** What is wrong with a line for a reader; null: nothing. */
export function complaintAboutLine(line: string): string | null {
  if (/[\r\n]/.test(line)) return `more than one line: ${JSON.stringify(line.slice(0, 300))}`;
  if (line.length > longestMessage) return `${line.length} characters: ${line.slice(0, 300)}`;
  if (/\[object |native code/.test(line)) return `says what nobody wrote: ${line.slice(0, 300)}`;
  return line.trim() === '' ? 'an empty line' : null;
}

/** Does something with bad input; a complaint where it neither goes well nor is refused as declared, or takes too long. */
export function tried(deed: () => unknown, code: TwinErrorCode = 'TWIN_WRONG_INPUT'): string | null {
  const fromMs = stopwatchMs();
  try {
    deed();
  } catch (error) {
    const complaint = complaintAbout(error, code);
    if (complaint !== null) return complaint;
  }
  return tookLong(fromMs);
}

/** The same of a promise; whoever refuses a file has to name it. */
export async function triedLater(deed: () => Promise<unknown>, place = ''): Promise<string | null> {
  const fromMs = stopwatchMs();
  try {
    await deed();
  } catch (error) {
    const complaint = complaintAbout(error, 'TWIN_WRONG_INPUT', place);
    if (complaint !== null) return complaint;
  }
  return tookLong(fromMs);
}

function tookLong(fromMs: number): string | null {
  const ms = stopwatchMs() - fromMs;
  return ms > longestMs ? `took ${Math.round(ms)} ms` : null;
}
