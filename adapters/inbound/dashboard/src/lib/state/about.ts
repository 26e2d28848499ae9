import * as api from '../api';
import type { About } from '../api/types';

let answer: Promise<About | null> | undefined;

/** Asked once; without it the pages work, only without the demo's hints and an own basemap. */
export function getAbout(): Promise<About | null> {
  answer ??= api.about().catch(() => null);
  return answer;
}
