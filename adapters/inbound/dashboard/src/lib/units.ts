/** Quantities as people read them, metric. */

export function distance(metres: number): string {
  if (metres < 995) return `${Math.round(metres / 10) * 10} m`;
  if (metres < 99_500) return `${(metres / 1000).toFixed(1)} km`;
  return `${Math.round(metres / 1000)} km`;
}

export function radius(metres: number): string {
  return metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(1)} km`;
}

export function speed(mps: number): string {
  return `${Math.round(mps * 3.6)} km/h`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function bytes(count: number): string {
  if (count < 1000) return `${Math.round(count)} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = count / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
