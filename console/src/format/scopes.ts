/** What a caller of the gateway may be let do; the first two are what most are given. */
export const SCOPES = [
  'model:call',
  'models:read',
  'chat:write',
  'completions:write',
  'embeddings:write',
  'moderations:write',
  'rerank:write',
  'images:write',
  'audio:write',
  'passthrough:call',
] as const

export type Scope = (typeof SCOPES)[number]

export const USUAL_SCOPES: Scope[] = ['model:call', 'models:read']

/** `items` with `one` in it or not, in the order of `order`. */
export const withChoice = <T>(items: readonly T[], one: T, chosen: boolean, order: readonly T[]) =>
  order.filter((each) => (each === one ? chosen : items.includes(each)))
