/** Who is signed in, and where they stand: the chosen project with its organisation. */
import { type QueryClient, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { call } from '@/api/client'
import { sessionQuery } from '@/api/queries'
import type { Organization, Project, Session } from '@/api/types'
import { forgetDrafts, recall, remember } from './memory'

/** The session of a page behind the guard, where there always is one. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery)
  return data ?? NOBODY
}

/** Shown for the moment between the end of a session and the way to the sign-in page. */
const NOBODY: Session = {
  user: { id: '', email: '', name: '', language: 'en', is_platform_admin: false },
  organizations: [],
  csrf_token: '',
}

export interface Place {
  organization: Organization
  project: Project
}

/** Choose the project that was asked for, or remembered, or else the first one there is. */
export function findPlace(
  organizations: Organization[],
  ...wanted: (string | null | undefined)[]
): Place | null {
  const places = organizations.flatMap((organization) =>
    organization.projects.map((project) => ({ organization, project })),
  )
  for (const id of wanted) {
    const found = id && places.find(({ project }) => project.id === id)
    if (found) return found
  }
  return places[0] ?? null
}

/** The project that the address names (`?project=`), so that a link shows others the same. */
export function usePlace(): Place | null {
  const { organizations } = useSession()
  const { project } = useSearch({ strict: false })
  return findPlace(organizations, project, recall('project'))
}

export function useChooseProject(): (projectId: string) => void {
  const navigate = useNavigate()
  return useCallback(
    (projectId) => {
      remember('project', projectId)
      navigate({ to: '.', search: (search) => ({ ...search, project: projectId }) })
    },
    [navigate],
  )
}

/** Begin a session: nothing that was read before belongs to it. */
export async function enter(queries: QueryClient): Promise<void> {
  queries.clear()
  await queries.fetchQuery(sessionQuery)
}

export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient()
  const router = useRouter()
  return useCallback(async () => {
    const { url } = await call<{ url: string | null }>('POST', '/sso/sign-out')
    forgetDrafts()
    if (url) {
      // The provider has a session of its own; it ends there and leads back to the sign-in page.
      location.assign(url)
      return
    }
    await router.navigate({ to: '/login' })
    queries.clear()
  }, [queries, router])
}

/** A path of ours to return to, or home: an address of elsewhere is never followed. */
export function safeReturn(next: string | undefined, origin: string = location.origin): string {
  if (!next?.startsWith('/')) return '/'
  try {
    const url = new URL(next, origin)
    return url.origin === origin ? url.pathname + url.search + url.hash : '/'
  } catch {
    return '/'
  }
}
