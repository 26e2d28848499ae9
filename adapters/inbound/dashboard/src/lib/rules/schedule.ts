import type { Schedule, Weekday } from '../api/types';

export const WEEKDAYS: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
export const WEEKDAY_NAMES: Record<Weekday, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};
const WORK_DAYS = 'mon tue wed thu fri';

/** "Monday to Friday 8:00–15:00", "Saturday and Sunday", "every day 22:00–6:00". */
export function scheduleWords(schedule: Schedule): string {
  const days = dayWords(schedule.days);
  if (wholeDay(schedule)) return days;
  return `${days} ${bare(schedule.from)}–${bare(schedule.to)}`;
}

export function dayWords(chosen: Weekday[]): string {
  const days = WEEKDAYS.filter((day) => chosen.includes(day));
  if (days.length === 0 || days.length === 7) return 'every day';
  if (days.join(' ') === WORK_DAYS) return 'Monday to Friday';
  if (days.length === 1) return `${WEEKDAY_NAMES[days[0]!]}s`;
  const names = days.map((day) =>
    days.length > 2 ? WEEKDAY_NAMES[day].slice(0, 3) : WEEKDAY_NAMES[day],
  );
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

function wholeDay({ from, to }: Schedule): boolean {
  return from === to || (from === '00:00' && (to === '24:00' || to === '23:59'));
}

const bare = (time: string) => time.slice(0, 5).replace(/^0(?=\d:)/, '');
