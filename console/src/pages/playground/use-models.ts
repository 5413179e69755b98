import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { modelsQuery } from '@/api/queries'
import type { Model } from '@/api/types'
import { usePlace } from '@/app/session'

/** The models that do a task, and the one that the address names or else the first. */
export function useModelsFor(task: Model['tasks'][number]): {
  /** `undefined` while they are on their way. */
  models: Model[] | undefined
  model: Model | undefined
  error: unknown
  choose: (name: string) => void
} {
  const place = usePlace()
  const navigate = useNavigate()
  const search = useSearch({ from: '/app/playground' })
  const all = useQuery(modelsQuery(place?.organization.id))
  const models = all.data?.items.filter(({ tasks }) => tasks.includes(task))
  return {
    models,
    model: models?.find(({ name }) => name === search.model) ?? models?.[0],
    error: all.error,
    choose: (name) =>
      void navigate({
        to: '/playground',
        search: (before) => ({ ...before, model: name }),
        replace: true,
      }),
  }
}
