import { describe, expect, it } from 'vitest';
import type { Counterpart } from '../api/exchange';
import { busiestHour, channelTotals, channelWords, hourTotals, overviewWords } from './words';

const channel = (name: string, sent: number, received: number, missed = 0, talked_s = 0) => ({
  channel: name,
  sent,
  received,
  missed,
  talked_s,
});
const counterpart = (channels: ReturnType<typeof channel>[], hour = 0) =>
  ({ channels, hours: Array.from({ length: 24 }, (_, at) => Number(at === hour)) }) as Counterpart;

describe('a channel in words', () => {
  it('tells of messages how many went each way', () => {
    expect(channelWords(channel('sms', 5, 3))).toBe('5 sent, 3 received');
  });

  it('tells of calls what became of them', () => {
    expect(channelWords(channel('call', 2, 3, 1, 600))).toBe(
      '2 made, 3 received, 1 missed, 10 min talked',
    );
    expect(channelWords(channel('call', 2, 0))).toBe('2 made, 0 received');
  });
});

it('channels of everybody are added up, the busiest first', () => {
  const everybody = [
    counterpart([channel('sms', 1, 0)]),
    counterpart([channel('sms', 1, 1), channel('call', 5, 5, 2, 60)]),
  ];
  expect(channelTotals(everybody)).toEqual([channel('call', 5, 5, 2, 60), channel('sms', 2, 1)]);
});

it('hours of everybody are added up, and the busiest is told', () => {
  const hours = hourTotals([counterpart([], 8), counterpart([], 8), counterpart([], 23)]);
  expect(busiestHour(hours)).toBe('most at 8:00–9:00 (2)');
  expect(busiestHour(hourTotals([]))).toBe('none');
});

it.each([
  [154, 6, 2, '154 messages and calls with 6 people, 2 of them not among the contacts.'],
  [1, 1, 0, '1 message or call with 1 person, among the contacts.'],
  [3, 1, 1, '3 messages and calls with 1 person, not among the contacts.'],
  [3, 2, 2, '3 messages and calls with 2 people, none of them among the contacts.'],
])('%d with %d, %d of them strangers', (total, people, strangers, words) => {
  expect(overviewWords(total, people, strangers)).toBe(words);
});
