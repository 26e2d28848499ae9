/** Which pattern of a category fits an app or a site; the category itself is the server's word. */
import type { Category } from '../../api/categories';

export function fittingApp(category: Category, app: string): string | undefined {
  const name = app.trim().toLowerCase();
  return category.apps.find((pattern) => fits(name, pattern.toLowerCase().split('*')));
}

/** `site` is a host or the address of a page. */
export function fittingSite(category: Category, site: string): string | undefined {
  const host = hostOf(site);
  return category.sites.find((pattern) => {
    const own = hostOf(pattern);
    return own !== '' && (host === own || host.endsWith(`.${own}`));
  });
}

/** Names of those after the one that decides, which would fit as well. */
export function alsoFit(
  categories: Category[],
  decided: string,
  fitting: (category: Category) => string | undefined,
): string[] {
  const place = categories.findIndex(({ name }) => name === decided);
  return categories
    .slice(place + 1)
    .filter((category) => fitting(category) !== undefined)
    .map(({ name }) => name);
}

/** Whether the parts of a pattern stand there one after the other. */
function fits(name: string, [first = '', ...others]: string[]): boolean {
  const last = others.pop();
  if (last === undefined) return name === first;
  const end = name.length - last.length;
  if (end < first.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function hostOf(text: string): string {
  const [host = ''] = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\/([^/@]*@)?/, '')
    .split(/[/:?#]/, 1);
  const plain = host.replace(/\.$/, '');
  return plain.split('.').length > 2 ? plain.replace(/^www\./, '') : plain;
}
