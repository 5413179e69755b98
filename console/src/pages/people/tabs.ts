export const PEOPLE_TABS = [
  'members',
  'groups',
  'invitations',
  'roles',
  'explain',
  'accounts',
] as const

export type PeopleTab = (typeof PEOPLE_TABS)[number]
