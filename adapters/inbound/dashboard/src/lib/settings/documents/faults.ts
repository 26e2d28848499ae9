/** What is wrong with a definition or a sample, by the line on which it was written. */
import type { FieldProblem } from '../../api/http';
import type { TriedDocument } from '../../api/mappings';
import type { LineError } from '../lines';
import { brokenLine, jsonLines, lineOf } from './json-lines';

const SAYS_LINE = /^line (\d+)(?:, (column \d+))?: (.*)$/s;
const BESIDE = /^(name|source|enabled|version|sample)\b/;

/** What the server refuses in the definition; its reasons begin with the line. */
export function refusedLines(problems: FieldProblem[]): LineError[] {
  return problems
    .filter(({ field }) => !BESIDE.test(field))
    .map(({ field, reason }) => {
      const said = SAYS_LINE.exec(reason);
      const rest = said ? [said[2], said[3]].filter(Boolean).join(': ') : reason;
      const text = field === 'definition' ? rest : `${field}: ${rest}`;
      return { line: said ? Number(said[1]) : null, reason: text };
    })
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

/** What documents do not have as the definition expects it: each fault once. */
export function triedLines(definition: string, documents: TriedDocument[]): LineError[] {
  const lines = jsonLines(definition);
  const found = new Map<string, LineError>();
  for (const { field, reason, element } of documents.flatMap(({ errors }) => errors)) {
    const text = `${field}: ${reason}`;
    if (found.has(text)) continue;
    const where = element === null ? '' : ` (element ${element + 1})`;
    found.set(text, { line: lineOf(lines, field), reason: text + where });
  }
  return [...found.values()];
}

/** What the text says, or where it is no JSON. */
export function readJson(text: string): { value: unknown } | { error: LineError } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { error: { line: brokenLine(text), reason: 'is not JSON here' } };
  }
}
