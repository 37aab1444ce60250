/** Prints one JSON document on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Prints rows as columns that line up; numbers stand right. */
export function printTable(rows: readonly Readonly<Record<string, string | number | null>>[], none: string): void {
  const first = rows[0];
  if (first === undefined) {
    process.stdout.write(`${none}\n`);
    return;
  }
  const names = Object.keys(first);
  const cell = (value: string | number | null | undefined): string => (value === null || value === undefined ? '-' : String(value));
  const widths = names.map((name) => Math.max(name.length, ...rows.map((row) => cell(row[name]).length)));
  const line = (cells: readonly string[], right: (index: number) => boolean): string =>
    cells
      .map((text, index) => (right(index) ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  const isNumber = (index: number): boolean => rows.every((row) => typeof row[names[index] ?? ''] === 'number');
  process.stdout.write(`${line(names, isNumber)}\n`);
  for (const row of rows)
    process.stdout.write(
      `${line(
        names.map((name) => cell(row[name])),
        isNumber,
      )}\n`,
    );
}

/** One decimal for people; programs get the whole number with --json. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A twin instant for people: `2027-07-13 17:30Z`. */
export function shortTime(time: string | number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}
