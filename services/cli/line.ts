import type { Fact } from '../../shared/domain/fact.js';
import { round, shortTime } from './output.js';

/** Longest line of `watch`; what is cut is shown by `--json`. */
const widthMax = 200;

/** A fact as one line: when, what, who, and its values with their units in the names. */
export function factLine(fact: Fact): string {
  const values = Object.entries(fact.data).map(([name, value]) => `${name}=${valueText(value)}`);
  const line = `${shortTime(fact.timeMs)}  ${fact.type.padEnd(22)} ${fact.entity.padEnd(18)} ${values.join(' ')}`;
  return line.length > widthMax ? `${line.slice(0, widthMax - 1)}…` : line;
}

function valueText(value: unknown): string {
  if (typeof value === 'number') return String(round(value));
  if (typeof value === 'string') return /\s/.test(value) ? JSON.stringify(value) : value;
  if (Array.isArray(value)) return `[${value.map(memberText).join(' ')}]`;
  return String(value);
}

/** A member of a list: its name and its values, `riverbend:480/474/600`. */
function memberText(member: unknown): string {
  if (typeof member !== 'object' || member === null) return valueText(member);
  const [name, ...rest] = Object.values(member);
  return `${valueText(name)}:${rest
    .filter((value) => typeof value === 'number' || typeof value === 'string')
    .map(valueText)
    .join('/')}`;
}
