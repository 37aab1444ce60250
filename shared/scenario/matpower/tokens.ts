import { wrongInput } from '../../runtime/errors.js';

/** A piece of a case file: a bare word or number, a quoted text, a bracket or separator, the end of a line, the end of the file. */
export interface Token {
  readonly kind: 'word' | 'text' | 'mark' | 'line-end' | 'end';
  readonly text: string;
  readonly line: number;
}

/** Blanks, a continued line, a comment, then what counts: line end, two kinds of quotes, marks, words. */
const pieces = [
  /[^\S\n]+/,
  /\.\.\.[^\n]*(?:\n|$)/,
  /[%#][^\n]*/,
  /(\n)/,
  /'((?:[^'\n]|'')*)'/,
  /"((?:[^"\n]|"")*)"/,
  /([[\]{}();,=])/,
  /((?:[^\s[\]{}();,='"%#.]|\.(?!\.\.))+)/,
];

/**
 * Takes one token after the other from a case file; comments, blanks and continued lines are passed over.
 * After the last one the answer is `end` every time.
 * @throws TWIN_WRONG_INPUT for a quote that is not closed on its line.
 */
export function tokensOf(content: string, file: string): () => Token {
  const text = withoutBlockComments(content.replace(/\r\n?/g, '\n'));
  const pattern = new RegExp(pieces.map(({ source }) => source).join('|'), 'y');
  let line = 1;
  return () => {
    while (pattern.lastIndex < text.length) {
      const start = pattern.lastIndex;
      const match = pattern.exec(text);
      if (match === null) {
        const found = JSON.stringify(text.slice(start, start + 20).split('\n')[0]);
        throw wrongInput(`${file}:${line}: found ${found}, allowed: a quote that is closed on its line`);
      }
      const at = line;
      const [whole, lineEnd, single, double, mark, word] = match;
      if (word !== undefined) return { kind: 'word', text: word, line: at };
      if (mark !== undefined) return { kind: 'mark', text: mark, line: at };
      if (single !== undefined) return { kind: 'text', text: single.replaceAll("''", "'"), line: at };
      if (double !== undefined) return { kind: 'text', text: double.replaceAll('""', '"'), line: at };
      if (whole.endsWith('\n')) line += 1;
      if (lineEnd !== undefined) return { kind: 'line-end', text: '\n', line: at };
    }
    return { kind: 'end', text: '', line };
  };
}

/** Blanks the lines from `%{` to `%}`, each alone on its line; a block that is never closed runs to the end. */
function withoutBlockComments(text: string): string {
  if (!/[%#]\{/.test(text)) return text;
  let depth = 0;
  return text
    .split('\n')
    .map((line) => {
      const mark = line.trim();
      if (mark === '%{' || mark === '#{') depth += 1;
      else if (depth === 0) return line;
      else if (mark === '%}' || mark === '#}') depth -= 1;
      return '';
    })
    .join('\n');
}
