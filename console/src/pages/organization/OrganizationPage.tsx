import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Building2, FolderClosed, Pencil, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { organizationsQuery, projectsQuery } from '@/api/people'
import { sessionQuery } from '@/api/queries'
import type { OrganizationSettings, ProjectSettings } from '@/api/types'
import { Editing } from '@/app/editing'
import { ActionButton, Permitted, usePermits } from '@/app/permission'
import { type Place, usePlace } from '@/app/session'
import { dateOf } from '@/format/time'
import { AsCode } from '@/ui/as-code'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Facts } from '@/ui/facts'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { LimitsList } from '@/ui/limits'
import { ListCard } from '@/ui/list-card'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'
import type { VirtualColumn } from '@/ui/virtual-table'
import { ScopeDialog } from './ScopeDialog'

/** The organisation and its projects: names, limits, budgets; and for the platform, all of them. */
export default function OrganizationPage() {
  const { t } = useTranslation()
  const place = usePlace()
  const permits = usePermits()
  if (!place) return null
  return (
    <Page
      title={t('pages.organization')}
      description={t('organization.description')}
      actions={
        <AsCode
          request={{
            method: 'GET',
            path: `/organizations/${place.organization.id}`,
            sdk: 'organizations.get',
            positional: [place.organization.id],
            cli: 'mainspring organizations list',
          }}
        />
      }
    >
      <Permitted permission="organization:read" place={{ orgId: place.organization.id }}>
        <div className="space-y-4">
          <Own place={place} />
          <Projects place={place} />
          {permits('organization:create', 'platform') ? <All /> : null}
        </div>
      </Permitted>
    </Page>
  )
}

const organizationKey = (id: string) => ['organization', id] as const

function Own({ place }: { place: Place }) {
  const { t, i18n } = useTranslation()
  const id = place.organization.id
  const [editing, setEditing] = useState(false)
  const organization = useQuery({
    queryKey: organizationKey(id),
    queryFn: ({ signal }) => call<OrganizationSettings>('GET', `/organizations/${id}`, { signal }),
  })
  return (
    <Card aria-labelledby="organization">
      <CardHeader id="organization" title={organization.data?.name ?? place.organization.name}>
        {organization.data?.suspended ? (
          <Badge tone="bad">{t('organization.suspended')}</Badge>
        ) : null}
        <ActionButton
          permission="organization:write"
          place={{ orgId: id }}
          icon={<Pencil aria-hidden />}
          onClick={() => setEditing(true)}
        >
          {t('common.edit')}
        </ActionButton>
      </CardHeader>
      {organization.isError ? <Problem error={organization.error} className="m-4" /> : null}
      {organization.isPending ? <SkeletonRows rows={2} /> : null}
      {organization.data ? (
        <div className="space-y-4 px-4 pb-4 sm:px-5">
          <Facts
            facts={[
              { id: 'slug', name: t('organization.slug'), value: organization.data.slug },
              { id: 'id', name: t('common.id'), value: organization.data.id },
              {
                id: 'created',
                name: t('keys.created'),
                value: dateOf(organization.data.created_at, i18n.language),
              },
            ]}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <div>
              <h3 className="mb-1 text-ink-faint text-xs">{t('organization.limits')}</h3>
              <LimitsList limits={organization.data.limits} />
            </div>
            <div>
              <h3 className="mb-1 text-ink-faint text-xs">{t('organization.userLimits')}</h3>
              <LimitsList limits={organization.data.user_limits} />
            </div>
          </div>
        </div>
      ) : null}
      {editing && organization.data ? (
        <Editing<OrganizationSettings>
          path={`/organizations/${id}`}
          title={organization.data.name}
          onClose={() => setEditing(false)}
        >
          {(begun) => (
            <ScopeDialog
              kind="organization"
              scope={begun}
              place={{ orgId: id }}
              queryKey={organizationKey(id)}
              onClose={() => setEditing(false)}
            />
          )}
        </Editing>
      ) : null}
    </Card>
  )
}

function Projects({ place }: { place: Place }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { open } = useSearch({ from: '/app/organization' })
  const choose = (next: string | undefined) =>
    navigate({
      to: '/organization',
      search: (before) => ({ ...before, open: next }),
      replace: true,
    })
  const orgId = place.organization.id
  const query = projectsQuery(orgId)
  const projects = useInfiniteQuery(query)
  const rows = useMemo(() => projects.data?.pages.flatMap(({ items }) => items), [projects.data])
  const chosen = rows?.find(({ id }) => id === open)
  const columns: VirtualColumn<ProjectSettings>[] = [
    {
      id: 'name',
      header: t('organization.project'),
      opens: true,
      cell: (one) => (
        <span className="font-medium text-ink">
          {one.name}
          <span className="ms-2 font-mono font-normal text-ink-faint text-xs">{one.slug}</span>
        </span>
      ),
    },
    {
      id: 'capture',
      header: t('capture.change'),
      width: 'w-28',
      cell: (one) => <Badge>{t(`capture.levels.${one.capture?.level ?? 'off'}`)}</Badge>,
    },
    {
      id: 'limits',
      header: t('limits.title'),
      width: 'w-44',
      from: 'md',
      cell: (one) => (
        <span className="text-ink-soft">{one.limits ? t('common.yes') : t('common.none')}</span>
      ),
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-28',
      from: 'sm',
      cell: (one) => (
        <Badge tone={one.suspended ? 'bad' : 'ok'} dot>
          {one.suspended ? t('organization.suspended') : t('accounts.active')}
        </Badge>
      ),
    },
    {
      id: 'created',
      header: t('keys.created'),
      width: 'w-36',
      from: 'lg',
      cell: (one) => <span className="text-ink-soft">{dateOf(one.created_at, i18n.language)}</span>,
    },
  ]
  return (
    <>
      <ListCard
        title={t('organization.projects')}
        hint={t('organization.projectsHint')}
        list={projects}
        rows={rows}
        columns={columns}
        rowId={(one) => one.id}
        openId={open}
        onOpen={(one) => choose(one.id)}
        empty={
          <Empty icon={FolderClosed} title={t('organization.projects')}>
            {t('organization.projectsHint')}
          </Empty>
        }
        className="max-h-[50dvh]"
      />
      {chosen ? (
        <Editing<ProjectSettings>
          key={chosen.id}
          path={`/projects/${chosen.id}`}
          title={chosen.name}
          onClose={() => choose(undefined)}
        >
          {(begun) => (
            <ScopeDialog
              kind="project"
              scope={begun}
              place={{ orgId, projectId: chosen.id }}
              queryKey={query.queryKey}
              onClose={() => choose(undefined)}
            />
          )}
        </Editing>
      ) : null}
    </>
  )
}

function All() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const organizations = useInfiniteQuery(organizationsQuery)
  const rows = useMemo(
    () => organizations.data?.pages.flatMap(({ items }) => items),
    [organizations.data],
  )
  const [creating, setCreating] = useState(false)
  const [editing, setEditing] = useState<OrganizationSettings | null>(null)
  const [name, setName] = useState('')
  const create = useMutation({
    mutationFn: () =>
      call<OrganizationSettings>('POST', '/organizations', { body: { name: name.trim() } }),
    onSuccess: (organization) => {
      void queries.invalidateQueries({ queryKey: organizationsQuery.queryKey })
      void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
      toast.done(t('organization.created', { name: organization.name }))
      setCreating(false)
      setName('')
    },
  })
  const columns: VirtualColumn<OrganizationSettings>[] = [
    {
      id: 'name',
      header: t('pages.organization'),
      opens: true,
      cell: (one) => (
        <span className="font-medium text-ink">
          {one.name}
          <span className="ms-2 font-mono font-normal text-ink-faint text-xs">{one.slug}</span>
        </span>
      ),
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-28',
      cell: (one) => (
        <Badge tone={one.suspended ? 'bad' : 'ok'} dot>
          {one.suspended ? t('organization.suspended') : t('accounts.active')}
        </Badge>
      ),
    },
  ]
  return (
    <>
      <ListCard
        title={t('organization.all')}
        actions={
          <ActionButton
            permission="organization:create"
            place="platform"
            icon={<Plus aria-hidden />}
            onClick={() => setCreating(true)}
          >
            {t('organization.create')}
          </ActionButton>
        }
        list={organizations}
        rows={rows}
        columns={columns}
        rowId={(one) => one.id}
        onOpen={setEditing}
        empty={
          <Empty icon={Building2} title={t('organization.all')}>
            {t('organization.description')}
          </Empty>
        }
        className="max-h-[50dvh]"
      />
      {editing ? (
        <Editing<OrganizationSettings>
          key={editing.id}
          path={`/organizations/${editing.id}`}
          title={editing.name}
          onClose={() => setEditing(null)}
        >
          {(begun) => (
            <ScopeDialog
              kind="organization"
              scope={begun}
              place={{ orgId: editing.id }}
              queryKey={organizationsQuery.queryKey}
              onClose={() => setEditing(null)}
            />
          )}
        </Editing>
      ) : null}
      {creating ? (
        <FormDialog
          title={t('organization.create')}
          description={t('organization.createText')}
          action={t('organization.create')}
          busy={create.isPending}
          error={create.error}
          onSubmit={() => create.mutate()}
          onClose={() => setCreating(false)}
        >
          <Field label={t('switcher.name')}>
            {(control) => (
              <Input
                {...control}
                required
                maxLength={80}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        </FormDialog>
      ) : null}
    </>
  )
}
