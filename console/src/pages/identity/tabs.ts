export const IDENTITY_TABS = ['providers', 'directory', 'accounts', 'issuers'] as const

export type IdentityTab = (typeof IDENTITY_TABS)[number]
