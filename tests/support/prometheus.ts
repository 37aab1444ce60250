/** A family as it was read: its type, and the value of each set of labels. */
export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: ReadonlyMap<string, number>;
}

const namePattern = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const samplePattern = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (NaN|[+-]Inf|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;
const labelPattern = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\\\|\\"|\\n)*)"(,|$)/;

/**
 * Reads the text exposition format 0.0.4 strictly: HELP, then TYPE, then at least one sample for each family, each family and set of labels once,
 * a line feed at the end of each line. Keys of samples are their labels as JSON, in order of their names.
 * @throws naming the line that does not fit.
 */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no line feed');
  const families = new Map<string, { readonly type: string; readonly help: string; readonly samples: Map<string, number> }>();
  const lines = text.slice(0, -1).split('\n');
  let help: { readonly name: string; readonly text: string } | null = null;
  let current = '';
  for (const [index, line] of lines.entries()) {
    const wrong = (why: string): Error => new Error(`line ${index + 1}: ${why}: ${line}`);
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      if (!namePattern.test(name) || families.has(name) || help !== null) throw wrong('HELP of a wrong or known name, or twice');
      help = { name, text: rest };
    } else if (kind === 'TYPE') {
      if (help?.name !== name || !['counter', 'gauge'].includes(rest)) throw wrong('TYPE without its HELP, or not known');
      if ((rest === 'counter') !== name.endsWith('_total')) throw wrong('a counter ends in _total, and nothing else does');
      families.set(name, { type: rest, help: help.text, samples: new Map() });
      help = null;
      current = name;
    } else {
      const [, sampleName, labels = '', value = ''] = samplePattern.exec(line) ?? [];
      if (sampleName === undefined || sampleName !== current || help !== null) throw wrong('no sample of this family');
      const key = JSON.stringify(labelsOf(labels, wrong));
      const { samples } = families.get(current) ?? { samples: new Map<string, number>() };
      if (samples.has(key)) throw wrong('the same labels twice');
      samples.set(key, value.endsWith('Inf') ? Number(`${value}inity`) : Number(value));
    }
  }
  const empty = [...families].find(([, { samples }]) => samples.size === 0);
  if (empty !== undefined || help !== null) throw new Error(`${empty?.[0] ?? help?.name} has no sample`);
  return families;
}

function labelsOf(text: string, wrong: (why: string) => Error): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  let rest = text;
  while (rest !== '') {
    const [whole, name = '', value = '', end] = labelPattern.exec(rest) ?? [];
    if (whole === undefined || found.has(name)) throw wrong('labels');
    found.set(
      name,
      value.replace(/\\(.)/g, (_match, letter: string) => (letter === 'n' ? '\n' : letter)),
    );
    rest = rest.slice(whole.length);
    if (end === ',' && rest === '') throw wrong('a comma with nothing behind it');
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The value of one family and set of labels; NaN when there is none. */
export function valueOf(families: ReadonlyMap<string, Family>, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const key = JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))));
  return families.get(name)?.samples.get(key) ?? Number.NaN;
}
