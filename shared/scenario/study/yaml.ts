import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair } from 'yaml';
import { wrongInput } from '../../runtime/errors.js';
import { lineFinder, type LineOf } from './lines.js';

/**
 * The value of a YAML 1.2 text (core schema: dates stay text), and where its fields stand.
 * @throws TWIN_WRONG_INPUT naming the line of what is not YAML, of a key given twice, of a second document, a tag or an alias.
 */
export function readYaml(text: string, file: string): { readonly value: unknown; readonly lineOf: LineOf } {
  const counter = new LineCounter();
  const document = parseDocument(text, { version: '1.2', schema: 'core', lineCounter: counter, uniqueKeys: true });
  const [trouble] = [...document.errors, ...document.warnings];
  if (trouble !== undefined) {
    const words = (trouble.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
    throw wrongInput(`${file}:${counter.linePos(trouble.pos[0]).line}: found no YAML: ${words}, allowed: one document of YAML 1.2`);
  }
  const lines = new Map<string, number>();
  const lineAt = (node: Node | null): number | undefined => (node?.range ? counter.linePos(node.range[0]).line : undefined);
  const note = (field: string, node: Node | null): void => {
    const line = lineAt(node);
    if (line !== undefined && !lines.has(field)) lines.set(field, line);
  };
  const visit = (field: string, node: unknown): void => {
    if (isAlias(node)) throw wrongInput(`${file}:${lineAt(node) ?? 1}: found the alias *${node.source}, allowed: the value itself`);
    if (isMap(node)) for (const pair of node.items) visitPair(field, pair);
    if (isSeq(node)) node.items.forEach((item, place) => inner(`${field}[${place}]`, item));
  };
  const inner = (field: string, node: unknown): void => {
    if (isPair(node) || isMap(node) || isSeq(node) || isScalar(node)) note(field, isPair(node) ? null : node);
    visit(field, node);
  };
  const visitPair = (parent: string, pair: Pair): void => {
    const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
    const field = parent === '' ? key : `${parent}.${key}`;
    if (isScalar(pair.key)) note(field, pair.key);
    inner(field, pair.value);
  };
  note('', document.contents);
  visit('', document.contents);
  return { value: document.toJS() as unknown, lineOf: lineFinder(lines) };
}
