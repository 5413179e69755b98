import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { UserMinus, UserPlus, Users } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { membersQuery, projectMembersQuery } from '@/api/people'
import type { Member } from '@/api/types'
import { ActionButton, usePermits } from '@/app/permission'
import { type Place, useSession } from '@/app/session'
import { dateOf } from '@/format/time'
import { AsCode } from '@/ui/as-code'
import { Confirm } from '@/ui/confirm'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Select } from '@/ui/select'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'
import type { VirtualColumn } from '@/ui/virtual-table'
import { AddMemberDialog } from './AddMemberDialog'
import { RoleSelect } from './RoleSelect'

/** The people of the organisation, or of one of its projects, and their roles there. */
export function MembersTab({ place }: { place: Place }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const queries = useQueryClient()
  const toast = useToast()
  const permits = usePermits()
  const { user } = useSession()
  const [inProject, setInProject] = useState(false)
  const [leaving, setLeaving] = useState<Member | null>(null)
  const [adding, setAdding] = useState(false)
  const orgId = place.organization.id
  const base = inProject ? `/projects/${place.project.id}` : `/organizations/${orgId}`
  const where = inProject ? { orgId, projectId: place.project.id } : { orgId }
  const query = inProject ? projectMembersQuery(place.project.id) : membersQuery(orgId)
  const members = useInfiniteQuery(query)
  const rows = useMemo(() => members.data?.pages.flatMap(({ items }) => items), [members.data])
  const changed = () => {
    void queries.invalidateQueries({ queryKey: query.queryKey })
    void queries.invalidateQueries({ queryKey: ['access'] })
  }
  const put = useMutation({
    mutationFn: ({ member, role }: { member: Member; role: string }) =>
      call('PUT', `${base}/members/${member.user_id}`, { body: { role } }),
    onSuccess: (_, { member }) => toast.done(t('people.roleChanged', { name: member.name })),
    onError: toast.failed,
    onSettled: changed,
  })
  const remove = useMutation({
    mutationFn: (member: Member) => call('DELETE', `${base}/members/${member.user_id}`),
    onSuccess: (_, member) => toast.done(t('people.removed', { name: member.name })),
    onError: toast.failed,
    onSettled: () => {
      setLeaving(null)
      changed()
    },
  })
  const mayWrite = permits('member:write', where)
  const columns: VirtualColumn<Member>[] = [
    {
      id: 'name',
      header: t('people.name'),
      cell: (member) => (
        <span className="block min-w-0">
          <span className="block truncate font-medium text-ink">
            {member.name}
            {member.user_id === user.id ? (
              <span className="ms-2 font-normal text-ink-faint">{t('people.you')}</span>
            ) : null}
            {member.disabled ? (
              <Badge tone="bad" className="ms-2">
                {t('people.disabled')}
              </Badge>
            ) : null}
          </span>
          <span className="block truncate text-ink-faint text-xs">{member.email}</span>
        </span>
      ),
    },
    {
      id: 'role',
      header: t('people.role'),
      width: 'w-40 sm:w-60',
      cell: (member) => (
        <RoleSelect
          orgId={orgId}
          level={inProject ? 'project' : 'organization'}
          value={member.role ?? ''}
          label={t('people.roleOf', { name: member.name })}
          className="w-full"
          disabled={!mayWrite || put.isPending}
          onChange={(role) => put.mutate({ member, role })}
        />
      ),
    },
    {
      id: 'since',
      header: t('people.since'),
      width: 'w-36',
      from: 'lg',
      cell: (member) => <span className="text-ink-soft">{dateOf(member.since, language)}</span>,
    },
    {
      id: 'actions',
      header: <span className="sr-only">{t('common.actions')}</span>,
      width: 'w-16 sm:w-32',
      align: 'end',
      cell: (member) => (
        <ActionButton
          permission="member:write"
          place={where}
          size="sm"
          tone="ghost"
          icon={<UserMinus aria-hidden />}
          aria-label={t('people.removeNamed', { name: member.name })}
          onClick={() => setLeaving(member)}
        >
          <span className="max-sm:sr-only">{t('common.remove')}</span>
        </ActionButton>
      ),
    },
  ]
  return (
    <>
      <ListCard
        title={t('people.tabs.members')}
        hint={rows ? t('people.count', { count: rows.length }) : null}
        actions={
          <>
            <Select
              aria-label={t('people.membersOf')}
              className="max-w-48"
              value={inProject ? 'project' : 'organization'}
              onChange={(event) => setInProject(event.target.value === 'project')}
            >
              <option value="organization">{place.organization.name}</option>
              <option value="project">
                {t('palette.project', {
                  organization: place.organization.name,
                  project: place.project.name,
                })}
              </option>
            </Select>
            {inProject ? (
              <ActionButton
                permission="member:write"
                place={where}
                tone="primary"
                icon={<UserPlus aria-hidden />}
                onClick={() => setAdding(true)}
              >
                {t('people.add')}
              </ActionButton>
            ) : null}
            <AsCode
              request={{
                method: 'GET',
                path: `${base}/members`,
                sdk: inProject ? 'projects.members.list' : 'organizations.members.list',
                positional: [inProject ? place.project.id : orgId],
                cli: inProject
                  ? `mainspring members list --project ${place.project.id}`
                  : `mainspring members list -o ${place.organization.slug}`,
              }}
            />
          </>
        }
        list={members}
        rows={rows}
        columns={columns}
        rowId={(member) => member.user_id}
        empty={
          <Empty
            icon={Users}
            title={t('people.emptyTitle')}
            action={
              <Link
                to="/people"
                search={{ view: 'invitations' }}
                className="font-medium text-accent-ink text-sm underline"
              >
                {t('people.invite')}
              </Link>
            }
          >
            {t('people.emptyText')}
          </Empty>
        }
      />
      {adding ? (
        <AddMemberDialog place={place} onClose={() => setAdding(false)} onAdded={changed} />
      ) : null}
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title={t('people.removeTitle', { name: leaving?.name ?? '' })}
        action={t('common.remove')}
        busy={remove.isPending}
        onConfirm={() => leaving && remove.mutate(leaving)}
      >
        <p>{inProject ? t('people.removeFromProject') : t('people.removeText')}</p>
      </Confirm>
    </>
  )
}
