/** Calendar dates ("2026-11-03") in a person's time zone. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formatters are slow to make and a long day formats thousands of times. */
export function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: knownZone(zone) });
    formats.set(key, format);
  }
  return format;
}

function knownZone(zone: string): string {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
    return zone;
  } catch {
    // The server may know newer zones than this browser.
    return 'UTC';
  }
}

export function dateIn(zone: string, at: number): string {
  const parts = formatter(zone, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(at);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** When a day begins in a zone, in milliseconds since 1970. */
export function startOf(zone: string, date: string): number {
  const wanted = Date.parse(`${date}T00:00:00Z`);
  let at = wanted;
  // Twice: the zone's clock may have been changed between the first guess and the day.
  for (let round = 0; round < 2; round++) at += wanted - clockIn(zone, at);
  return at;
}

/** What the clock of a zone shows, as if it were UTC. */
function clockIn(zone: string, at: number): number {
  const time = formatter(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  return Date.parse(`${dateIn(zone, at)}T${time.format(at)}Z`);
}

export function shiftDate(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

export function allZones(): string[] {
  const zones = Intl.supportedValuesOf('timeZone');
  return zones.includes('UTC') ? zones : ['UTC', ...zones];
}
