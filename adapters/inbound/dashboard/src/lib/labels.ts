/** The words of the business as people read them. */
import type { HealthState, Kind, Platform, Severity, TokenAgent } from './api/types';
import type { ItemType } from './api/timeline';

export const KIND_NAMES: Record<Kind, string> = {
  location: 'Location',
  place_transition: 'Place arrivals and departures',
  web_visit: 'Web visits',
  app_use: 'App use',
  presence: 'Presence at the screen',
  message: 'Messages',
  call: 'Calls',
  traffic: 'Network traffic',
  device_state: 'Battery and device state',
  document: 'Documents',
};

export const PLATFORM_NAMES: Record<Platform, string> = {
  android: 'Android',
  ios: 'iPhone or iPad',
  windows: 'Windows',
  macos: 'Mac',
  linux: 'Linux',
  other: 'Other',
};

export const AGENT_NAMES: Record<TokenAgent, string> = {
  owntracks: 'OwnTracks',
  osmand: 'Traccar Client / OsmAnd',
  overland: 'Overland',
  activitywatch: 'ActivityWatch',
};

export const HEALTH_NAMES: Record<HealthState, string> = {
  ok: 'Reporting',
  quiet: 'Quiet',
  silent: 'Silent',
  never_seen: 'Not set up yet',
};

export const SEVERITY_NAMES: Record<Severity, string> = {
  info: 'Info',
  warning: 'Warning',
  critical: 'Critical',
};

export const ITEM_NAMES: Record<ItemType, string> = {
  stay: 'Stays',
  trip: 'Trips',
  conflict: 'Conflicts',
  gap: 'Gaps',
  session: 'Apps',
  visit: 'Web',
  presence: 'Presence',
  message: 'Messages',
  call: 'Calls',
  place_transition: 'Arrivals',
};

const REFUSAL_NAMES: Record<string, string> = {
  no_consent: 'not agreed to',
  unknown_kind: 'of a kind that is unknown',
  no_observations: 'nothing in it',
  too_many_observations: 'too much at once',
  too_much_text: 'too much text at once',
  nothing_valid: 'makes no sense',
  malformed: 'not readable',
  kind_mismatch: 'of another kind than it says',
  too_early: 'from long ago',
  too_late: 'from the future',
  bad_block: 'not readable',
  unknown_field: 'with a field that is unknown',
};

/** Why something was refused, as the end of a sentence. */
export const refusalName = (reason: string) =>
  REFUSAL_NAMES[reason] ?? words(reason).toLowerCase();

export const isPhone = (platform: Platform) => platform === 'android' || platform === 'ios';

export function kindName(kind: string): string {
  return KIND_NAMES[kind as Kind] ?? words(kind);
}

/** "device_credential.revoked" as "Device credential revoked". */
export function words(identifier: string): string {
  const text = identifier.replace(/[_.:-]+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  const letters = parts.length > 1 ? [parts[0], parts[parts.length - 1]] : [parts[0]];
  return (
    letters
      .map((part) => Array.from(part ?? '')[0] ?? '')
      .join('')
      .toUpperCase() || '?'
  );
}
