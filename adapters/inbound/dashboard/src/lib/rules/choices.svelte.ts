/** What a rule can name beside people, devices and places; loaded when a rule is written. */
import * as api from '../api';
import type { Calendar, Channel } from '../api/rules';

export class Choices {
  channels = $state.raw<Channel[]>([]);
  calendars = $state.raw<Calendar[]>([]);
  categories = $state.raw<string[]>([]);

  /** What cannot be loaded is not offered: a rule can be written without it. */
  async load(): Promise<void> {
    const quietly = <T>(list: Promise<T[]>) => list.catch((): T[] => []);
    [this.channels, this.calendars, this.categories] = await Promise.all([
      quietly(api.channels.list()),
      quietly(api.calendars.list()),
      quietly(api.categories.names()),
    ]);
  }
}
