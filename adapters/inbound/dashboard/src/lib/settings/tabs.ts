export const SETTINGS_TABS = [
  { key: 'notifications', label: 'Notifications' },
  { key: 'categories', label: 'Categories' },
  { key: 'contacts', label: 'Contacts' },
  { key: 'calendars', label: 'Calendars' },
  { key: 'documents', label: 'Documents' },
] as const;

export type SettingsTab = (typeof SETTINGS_TABS)[number]['key'];
