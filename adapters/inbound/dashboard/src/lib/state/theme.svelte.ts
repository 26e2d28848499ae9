export type Theme = 'system' | 'light' | 'dark';
const KEY = 'fieldpost.theme';

class ThemeChoice {
  chosen = $state<Theme>(remembered());
  /** Counts changes of what is seen, so that the map can repaint itself. */
  revision = $state(0);

  constructor() {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.revision++);
  }

  choose(theme: Theme): void {
    this.chosen = theme;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    try {
      if (theme === 'system') localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // Storage can be forbidden; the choice then lasts as long as the page.
    }
    this.revision++;
  }
}

function remembered(): Theme {
  try {
    const theme = localStorage.getItem(KEY);
    if (theme !== 'light' && theme !== 'dark') return 'system';
    document.documentElement.dataset.theme = theme;
    return theme;
  } catch {
    return 'system';
  }
}

export const theme = new ThemeChoice();
