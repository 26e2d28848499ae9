/** Times and durations as people read them. Instants are milliseconds since 1970. */
import { dateIn, formatter, shiftDate } from './zone';

export function clock(at: number, zone: string): string {
  return formatter(zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

export function clockWithSeconds(at: number, zone: string): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  return formatter(zone, { ...options, hourCycle: 'h23' }).format(at);
}

export function exact(at: number, zone: string): string {
  const day = formatter(zone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
  return `${day.format(at)}, ${clockWithSeconds(at, zone)} (${zone})`;
}

export function longDate(date: string): string {
  const at = Date.parse(`${date}T12:00:00Z`);
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  return formatter('UTC', options).format(at);
}

/** "Today", "Yesterday", "Fri 30 Oct"; without knowing the present only the last form. */
export function dayLabel(date: string, today?: string): string {
  if (date === today) return 'Today';
  if (today && date === shiftDate(today, -1)) return 'Yesterday';
  const at = Date.parse(`${date}T12:00:00Z`);
  const sameYear = !today || date.slice(0, 4) === today.slice(0, 4);
  const year = sameYear ? {} : ({ year: 'numeric' } as const);
  const options = { weekday: 'short', day: 'numeric', month: 'short', ...year } as const;
  return formatter('UTC', options).format(at);
}

/** "14:02" today, "yesterday 14:02", "3 Nov 14:02" before. */
export function moment(at: number, zone: string, now: number): string {
  const date = dateIn(zone, at);
  const today = dateIn(zone, now);
  if (date === today) return clock(at, zone);
  if (date === shiftDate(today, -1)) return `yesterday ${clock(at, zone)}`;
  const year = date.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: 'numeric' } as const);
  const day = formatter(zone, { day: 'numeric', month: 'short', ...year }).format(at);
  return `${day} ${clock(at, zone)}`;
}

export function relative(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000);
  if (seconds < 0) return seconds > -90 ? 'just now' : `in ${duration(-seconds)}`;
  if (seconds < 45) return 'just now';
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(seconds / 3600);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.round(seconds / 86400);
  if (days < 60) return days === 1 ? '1 day ago' : `${days} days ago`;
  return `${Math.round(days / 30.4)} months ago`;
}

/** Two units at most: "45 s", "12 min", "1 h 05 min", "2 days 3 h". */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) {
    const rest = minutes % 60;
    const hours = Math.floor(minutes / 60);
    return rest ? `${hours} h ${String(rest).padStart(2, '0')} min` : `${hours} h`;
  }
  const hours = Math.round(minutes / 60);
  const days = Math.floor(hours / 24);
  const rest = hours % 24;
  const text = days === 1 ? '1 day' : `${days} days`;
  return rest ? `${text} ${rest} h` : text;
}
