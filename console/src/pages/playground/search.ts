/** What the address of the playground carries. */

export const PLAYS = ['chat', 'embeddings', 'rerank'] as const

export type Play = (typeof PLAYS)[number]

export interface PlaygroundSearch {
  /** Left out: chat. */
  play?: Exclude<Play, 'chat'> | undefined
  model?: string | undefined
  /** Models beside the first one, separated by commas. */
  beside?: string | undefined
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

export function playgroundSearch(search: Record<string, unknown>): PlaygroundSearch {
  return {
    play: (['embeddings', 'rerank'] as const).find((play) => play === search.play),
    model: text(search.model),
    beside: text(search.beside),
  }
}
