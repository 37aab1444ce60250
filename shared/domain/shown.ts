/** Longest piece of somebody's input that stands in a message. */
const longest = 60;

/** A value as it stands in a message: JSON on one line, cut at 60 characters. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return '-0';
  return cut(jsonOf(value));
}

/** A name somebody chose, such as that of a field or column, or what a program says about it, on one line and cut. */
export function shownName(name: string, most = longest): string {
  return cut(onOneLine(name.slice(0, most + 1)), most);
}

/** Longest message about somebody's input. */
const longestLine = 2_000;

/** A message as one line; of one that is too long to be read, the begin and the end. */
export function shownLine(message: string): string {
  const begin = longestLine - 700;
  return onOneLine(message.length > longestLine ? `${message.slice(0, begin)}...${message.slice(-600)}` : message);
}

/** A text in which what would end its line, or move the cursor, is written as an escape. */
function onOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, (odd) => `\\u${(odd.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/** JSON of a value; what is nested deeper than that can be written is named as such. */
function jsonOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, longest + 1));
  try {
    return JSON.stringify(value) ?? String(value);
  } catch (error) {
    if (error instanceof RangeError) return Array.isArray(value) ? 'a list nested too deeply' : 'an object nested too deeply';
    throw error;
  }
}

function cut(text: string, most = longest): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}
