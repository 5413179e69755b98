import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { slosQuery, statusQuery } from './queries'
import { byUrgency, type Objective, standingOf } from './standing'

/** Every objective with how it stands, the worst first; `undefined` while they are on their way. */
export function useObjectives(): {
  objectives: Objective[] | undefined
  error: unknown
  refetch: () => unknown
} {
  const list = useQuery(slosQuery)
  const slos = useMemo(() => list.data?.items ?? [], [list.data])
  const found = useQueries({
    queries: slos.map(({ id, enabled }) => ({ ...statusQuery(id), enabled })),
    combine: (answers) => answers.map(({ data }) => data),
  })
  const objectives = useMemo(
    () =>
      byUrgency(
        slos.map((slo, index) => ({
          slo,
          status: found[index],
          standing: standingOf(slo, found[index]),
        })),
      ),
    [slos, found],
  )
  return {
    objectives: list.data ? objectives : undefined,
    error: list.error,
    refetch: list.refetch,
  }
}
