import { href, parseRoute, type Route } from '../route';

class Router {
  route = $state.raw<Route>(parseRoute(location.hash));

  constructor() {
    addEventListener('hashchange', () => {
      this.route = parseRoute(location.hash);
    });
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
