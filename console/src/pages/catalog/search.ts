/** What the address of the catalogue carries, and what the API is asked for by it. */

export const TASKS = [
  'chat',
  'completion',
  'embedding',
  'rerank',
  'moderation',
  'image',
  'speech',
  'transcription',
  'realtime',
] as const

export type Task = (typeof TASKS)[number]

/** As many models as the API sets side by side. */
export const MOST_COMPARED = 8

/** Context lengths that one can ask for at least. */
export const CONTEXTS = [8_192, 32_768, 131_072, 1_000_000] as const

export interface CatalogSearch {
  q?: string | undefined
  task?: Task | undefined
  licence?: string | undefined
  capability?: string | undefined
  context?: number | undefined
  /** Models that nothing serves are shown as well. */
  all?: true | undefined
  /** The model whose card is open. */
  open?: string | undefined
  /** The model that access is asked for. */
  ask?: string | undefined
  /** The models to set side by side, their ids with commas in between. */
  compare?: string | undefined
  /** They stand side by side. */
  side?: true | undefined
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

export function catalogSearch(search: Record<string, unknown>): CatalogSearch {
  return {
    q: text(search.q),
    task: TASKS.find((task) => task === search.task),
    licence: text(search.licence),
    capability: text(search.capability),
    context: CONTEXTS.find((tokens) => tokens === Number(search.context)),
    all: search.all === true ? true : undefined,
    open: text(search.open),
    ask: text(search.ask),
    compare: text(search.compare),
    side: search.side === true ? true : undefined,
  }
}

/** Whether anything narrows the list. */
export const isFiltered = ({ q, task, licence, capability, context }: CatalogSearch) =>
  Boolean(q || task || licence || capability || context)

/** The filters as the registry takes them. */
export function registryFilter(search: CatalogSearch) {
  return {
    text: search.q,
    task: search.task,
    licence: search.licence,
    capability: search.capability,
    min_context_length: search.context,
    in_service: search.all ? undefined : true,
  }
}

export const comparedOf = ({ compare = '' }: CatalogSearch): string[] =>
  [...new Set(compare.split(',').filter(Boolean))].slice(0, MOST_COMPARED)

/** The models to compare with `id` put in, or taken out if it was there. */
export function toggled(compared: readonly string[], id: string): string | undefined {
  const next = compared.includes(id)
    ? compared.filter((one) => one !== id)
    : [...compared, id].slice(0, MOST_COMPARED)
  return next.join(',') || undefined
}
