/** A category while it is written: its patterns are texts with one pattern a line. */
import type { Category } from '../../api/categories';
import type { FieldProblem } from '../../api/http';
import { filled, once, type LineError } from '../lines';

export interface DraftCategory {
  /** Stays while the category moves and changes its name. */
  key: number;
  name: string;
  apps: string;
  sites: string;
}

export type PatternField = 'apps' | 'sites';

const MOST = { apps: 128, sites: 253 };

const patterns = (text: string) => once(filled(text)).map(({ text }) => text);

export function draftOf({ name, apps, sites }: Category, key: number): DraftCategory {
  return { key, name, apps: apps.join('\n'), sites: sites.join('\n') };
}

export function categoryOf({ name, apps, sites }: DraftCategory): Category {
  return { name: name.trim(), apps: patterns(apps), sites: patterns(sites) };
}

/** What the server's bounds on texts would refuse, in the form in which it refuses. */
export function ownProblems(drafts: DraftCategory[]): FieldProblem[] {
  return drafts.flatMap((draft, index) => {
    const at = `categories[${index}]`;
    const name = draft.name.trim() ? [] : [{ field: `${at}.name`, reason: 'is needed' }];
    return [...name, ...tooLong(draft, 'apps', at), ...tooLong(draft, 'sites', at)];
  });
}

function tooLong(draft: DraftCategory, field: PatternField, at: string): FieldProblem[] {
  const reason = `may have ${MOST[field]} characters at most`;
  return patterns(draft[field]).flatMap((pattern, place) =>
    pattern.length > MOST[field] ? [{ field: `${at}.${field}[${place}]`, reason }] : [],
  );
}

/** Problems of "categories[2].apps[5]" by the line on which that pattern was written. */
export function lineErrors(
  draft: DraftCategory,
  index: number,
  field: PatternField,
  problems: FieldProblem[],
): LineError[] {
  const at = `categories[${index}].${field}`;
  const lines = once(filled(draft[field]));
  return problems.flatMap((problem): LineError[] => {
    if (problem.field === at) return [{ line: null, reason: problem.reason }];
    if (!problem.field.startsWith(`${at}[`)) return [];
    const found = lines[parseInt(problem.field.slice(at.length + 1))];
    return found ? [{ line: found.line, reason: `“${found.text}” ${problem.reason}` }] : [];
  });
}

export function moved<T>(list: T[], from: number, to: number): T[] {
  if (to < 0 || to >= list.length) return list;
  const rest = list.filter((_, index) => index !== from);
  return [...rest.slice(0, to), list[from] as T, ...rest.slice(to)];
}
