/** Texts with one thing a line, and what is wrong with which line. Lines count from 1. */

export interface Line {
  text: string;
  line: number;
}

export interface LineError {
  /** Nothing where it is about the whole text. */
  line: number | null;
  reason: string;
}

/** What stands on the lines, without blanks around; empty lines are left out. */
export function filled(text: string): Line[] {
  return text
    .split('\n')
    .map((each, index) => ({ text: each.trim(), line: index + 1 }))
    .filter(({ text }) => text !== '');
}

/** Each once, as the server keeps them: the first line that says it. */
export function once(lines: Line[]): Line[] {
  const seen = new Set<string>();
  return lines.filter(({ text }) => !seen.has(text) && seen.add(text));
}

/** Where the line begins and ends in the text. */
export function span(text: string, line: number): [start: number, end: number] {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1);
  const start = before.reduce((sum, each) => sum + each.length + 1, 0);
  return [start, start + (lines[line - 1]?.length ?? 0)];
}
