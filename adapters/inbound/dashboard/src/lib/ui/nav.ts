import type { Section } from '../../pages';
import type { IconName } from './icons';

export interface NavItem {
  section: Section;
  href: string;
  label: string;
  icon: IconName;
}

export const NAV: NavItem[] = [
  { section: 'overview', href: '#/', label: 'Overview', icon: 'overview' },
  { section: 'day', href: '#/day', label: 'Timeline', icon: 'day' },
  { section: 'alerts', href: '#/alerts', label: 'Alerts', icon: 'alert' },
  { section: 'places', href: '#/places', label: 'Places', icon: 'place' },
  { section: 'rules', href: '#/rules', label: 'Rules', icon: 'rule' },
  { section: 'devices', href: '#/devices', label: 'People & devices', icon: 'device' },
  { section: 'log', href: '#/audit', label: 'Records', icon: 'log' },
  { section: 'settings', href: '#/settings', label: 'Settings', icon: 'settings' },
];
