import { href, parseRoute, type Route } from '../route';

class Router {
  route = $state.raw<Route>(parseRoute(location.hash));
  /** Asked before the page is left for another address; nothing where nothing would be lost. */
  mayLeave: (() => Promise<boolean>) | null = null;

  constructor() {
    addEventListener('hashchange', (event) => {
      if (this.mayLeave) void this.#ask(this.mayLeave, event);
      else this.route = parseRoute(location.hash);
    });
  }

  /** The address is put back until there is an answer. */
  async #ask(mayLeave: () => Promise<boolean>, { oldURL, newURL }: HashChangeEvent): Promise<void> {
    history.replaceState(null, '', oldURL);
    if (!(await mayLeave())) return;
    history.replaceState(null, '', newURL);
    this.route = parseRoute(location.hash);
  }

  go(path: string[], query: Record<string, string | undefined> = {}): void {
    location.hash = href(path, query);
  }

  /** Without a step in the history, for example for each day one pages through. */
  replace(path: string[], query: Record<string, string | undefined> = {}): void {
    history.replaceState(null, '', href(path, query));
    this.route = parseRoute(location.hash);
  }
}

export const router = new Router();
