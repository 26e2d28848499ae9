/** What a rule can name beside people, devices and places; loaded when a rule is written. */
import * as api from '../api';
import type { Calendar, Channel } from '../api/rules';

export class Choices {
  channels = $state.raw<Channel[]>([]);
  calendars = $state.raw<Calendar[]>([]);
  categories = $state.raw<string[]>([]);
  /** The server said so: it is not only unknown yet. */
  noChannel = $state(false);

  /** What cannot be loaded is not offered: a rule can be written without it. */
  async load(): Promise<void> {
    const quietly = <T>(list: Promise<T[]>) => list.catch((): T[] => []);
    [this.channels, this.calendars, this.categories] = await Promise.all([
      quietly(this.#channels()),
      quietly(api.calendars.list()),
      quietly(api.categories.names()),
    ]);
  }

  async #channels(): Promise<Channel[]> {
    const channels = await api.channels.list();
    this.noChannel = channels.length === 0;
    return channels;
  }
}
