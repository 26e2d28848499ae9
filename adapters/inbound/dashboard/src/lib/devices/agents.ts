/** The programs that can report for a device, and what to tap in each of them. */
import type { NewToken, Platform, TokenAgent } from '../api/types';

export type AgentChoice = 'fieldpost' | TokenAgent;

export interface AgentGuide {
  agent: AgentChoice;
  name: string;
  what: string;
  platforms: Platform[];
  steps: string[];
}

export const GUIDES: AgentGuide[] = [
  {
    agent: 'owntracks',
    name: 'OwnTracks',
    what: 'Free location app for Android and iPhone.',
    platforms: ['android', 'ios'],
    steps: [
      'Install OwnTracks and open Preferences → Connection.',
      'Set Mode to HTTP and paste the URL.',
      'Under Identification enter the user name and the password from below.',
      'Go back to the map and tap Publish: the device appears here within seconds.',
    ],
  },
  {
    agent: 'osmand',
    name: 'Traccar Client / OsmAnd',
    what: 'Simple trackers for Android and iPhone.',
    platforms: ['android', 'ios'],
    steps: [
      'In Traccar Client: scan the QR code, or open Settings and paste the URL as Server URL.',
      'Enter the token as Device identifier.',
      'In OsmAnd instead: Plugins → Trip recording → Online tracking, and paste the URL.',
      'Switch the service on.',
    ],
  },
  {
    agent: 'overland',
    name: 'Overland',
    what: 'Battery-friendly tracker for iPhone.',
    platforms: ['ios'],
    steps: [
      'Install Overland and open Settings.',
      'Set Receiver Endpoint URL to the URL, and Access Token to the token.',
      'Switch tracking on and tap Send Now.',
    ],
  },
  {
    agent: 'activitywatch',
    name: 'ActivityWatch',
    what: 'App and web use on Windows, Mac and Linux.',
    platforms: ['windows', 'macos', 'linux', 'android'],
    steps: [
      'Open the configuration of ActivityWatch’s watchers (aw-client.toml).',
      'Under [server] set hostname and port to those of the URL.',
      'Where a token is asked for, paste the token; then start the watchers again.',
    ],
  },
  {
    agent: 'fieldpost',
    name: 'Fieldpost agent',
    what: 'Our own agent: all kinds of data, small and exact.',
    platforms: ['windows', 'macos', 'linux', 'android', 'ios', 'other'],
    steps: [
      'Install the Fieldpost agent on the device.',
      'Scan the QR code, or enter the address and the code.',
      'The code works once; afterwards the device has its own credential.',
    ],
  },
];

/** Those that fit the device come first. */
export function guidesFor(platform: Platform): AgentGuide[] {
  const fits = (guide: AgentGuide) => platform === 'other' || guide.platforms.includes(platform);
  return [...GUIDES.filter(fits), ...GUIDES.filter((guide) => !fits(guide))];
}

export function linesOf(token: NewToken): { label: string; value: string }[] {
  const url = { label: 'URL', value: token.url };
  const secret = (label: string) => ({ label, value: token.token });
  switch (token.agent) {
    case 'owntracks':
      return [
        url,
        ...(token.username ? [{ label: 'User name', value: token.username }] : []),
        secret('Password'),
      ];
    case 'osmand':
      return [url, secret('Device identifier')];
    default:
      return [url, secret('Token')];
  }
}
