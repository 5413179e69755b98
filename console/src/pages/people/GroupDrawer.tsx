import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Plus, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { groupMembersQuery, groupsQuery, membersQuery } from '@/api/people'
import type { Group, RoleAt } from '@/api/types'
import { useObject } from '@/app/editing'
import { ActionButton, roleName, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import { Button } from '@/ui/button'
import { Confirm } from '@/ui/confirm'
import { Drawer } from '@/ui/drawer'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { SkeletonRows } from '@/ui/skeleton'
import { useToast } from '@/ui/toast'
import { RoleSelect } from './RoleSelect'

/** One group: its roles and its members; both change at once for everybody in it. */
export function GroupDrawer({ group: listed, onClose }: { group: Group; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [removing, setRemoving] = useState(false)
  const read = useObject(['groups', listed.org_id], `/groups/${listed.id}`, listed)
  const group = read.object
  const where = { orgId: group.org_id }
  const changed = () => {
    void queries.invalidateQueries({ queryKey: groupsQuery(group.org_id).queryKey })
    void queries.invalidateQueries({ queryKey: ['access'] })
  }
  const remove = useMutation({
    mutationFn: () => call('DELETE', `/groups/${group.id}`),
    onSuccess: () => {
      toast.done(t('groups.removed', { name: group.name }))
      onClose()
    },
    onError: toast.failed,
    onSettled: () => {
      setRemoving(false)
      changed()
    },
  })
  return (
    <Drawer
      title={group.name}
      description={group.description || t('groups.drawer')}
      actions={
        <ActionButton
          permission="member:write"
          place={where}
          icon={<Trash2 aria-hidden />}
          onClick={() => setRemoving(true)}
        >
          {t('groups.remove')}
        </ActionButton>
      }
      onClose={onClose}
    >
      <GroupRoles group={group} revision={read.revision} ready={read.ready} onChanged={changed} />
      <GroupMembers group={group} />
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title={t('groups.removeTitle', { name: group.name })}
        action={t('groups.remove')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        <p>{t('groups.removeText')}</p>
      </Confirm>
    </Drawer>
  )
}

interface GroupRolesProps {
  group: Group
  revision: number | undefined
  ready: boolean
  onChanged: () => void
}

function GroupRoles({ group, revision, ready, onChanged }: GroupRolesProps) {
  const { t } = useTranslation()
  const toast = useToast()
  const place = usePlace()
  const mayWrite = usePermits()('member:write', { orgId: group.org_id })
  const [where, setWhere] = useState('')
  const [role, setRole] = useState('viewer')
  const projects = place?.organization.projects ?? []
  const projectName = (id: string | null | undefined) =>
    projects.find((project) => project.id === id)?.name ?? id ?? t('groups.wholeOrganization')
  const save = useMutation({
    mutationFn: (roles: RoleAt[]) =>
      call<Group>('PATCH', `/groups/${group.id}`, { body: { roles }, ifMatch: revision }),
    onError: toast.failed,
    onSettled: onChanged,
  })
  const same = (a: RoleAt, b: RoleAt) =>
    a.role === b.role && (a.project_id ?? null) === (b.project_id ?? null)
  const wanted: RoleAt = { role, project_id: where || null }
  return (
    <section aria-labelledby="group-roles">
      <h3 id="group-roles" className="font-medium text-ink text-sm">
        {t('groups.roles')}
      </h3>
      <ul className="mt-2 space-y-1.5">
        {group.roles.map((held) => (
          <li
            key={`${held.role}/${held.project_id ?? ''}`}
            className="flex items-center gap-3 rounded-lg border border-line bg-surface px-3 py-1.5 text-sm"
          >
            <span className="font-medium text-ink">{roleName(t, held.role)}</span>
            <span className="min-w-0 flex-1 truncate text-ink-soft">
              {projectName(held.project_id)}
            </span>
            {mayWrite ? (
              <Button
                tone="ghost"
                size="icon-sm"
                aria-label={t('groups.dropRole', { role: roleName(t, held.role) })}
                disabled={!ready || save.isPending}
                onClick={() => save.mutate(group.roles.filter((one) => !same(one, held)))}
              >
                <X aria-hidden />
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayWrite ? (
        <div className="mt-2 flex flex-wrap gap-2">
          <Select
            aria-label={t('groups.where')}
            value={where}
            onChange={(event) => {
              setWhere(event.target.value)
              setRole('viewer')
            }}
          >
            <option value="">{t('groups.wholeOrganization')}</option>
            {projects.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
          <RoleSelect
            orgId={group.org_id}
            level={where ? 'project' : 'organization'}
            label={t('people.role')}
            value={role}
            onChange={setRole}
          />
          <Button
            icon={<Plus aria-hidden />}
            busy={save.isPending}
            disabled={!ready || group.roles.some((held) => same(held, wanted))}
            onClick={() => save.mutate([...group.roles, wanted])}
          >
            {t('groups.addRole')}
          </Button>
        </div>
      ) : null}
    </section>
  )
}

function GroupMembers({ group }: { group: Group }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const mayWrite = usePermits()('member:write', { orgId: group.org_id })
  const query = groupMembersQuery(group.id)
  const members = useInfiniteQuery(query)
  const everybody = useInfiniteQuery(membersQuery(group.org_id))
  const inside = members.data?.pages.flatMap(({ items }) => items)
  const outside = (everybody.data?.pages.flatMap(({ items }) => items) ?? []).filter(
    ({ user_id }) => !inside?.some((member) => member.user_id === user_id),
  )
  const [person, setPerson] = useState('')
  const chosen = outside.some(({ user_id }) => user_id === person)
    ? person
    : (outside[0]?.user_id ?? '')
  const change = useMutation({
    mutationFn: ({ userId, add }: { userId: string; add: boolean }) =>
      call(add ? 'PUT' : 'DELETE', `/groups/${group.id}/members/${userId}`),
    onError: toast.failed,
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: query.queryKey })
      void queries.invalidateQueries({ queryKey: ['access'] })
    },
  })
  return (
    <section aria-labelledby="group-members" className="mt-6">
      <h3 id="group-members" className="font-medium text-ink text-sm">
        {t('people.tabs.members')}
      </h3>
      {members.isError ? <Problem error={members.error} className="mt-2" /> : null}
      {inside === undefined && !members.isError ? <SkeletonRows rows={2} /> : null}
      {inside?.length === 0 ? (
        <p className="mt-1 text-ink-soft text-sm">{t('groups.nobody')}</p>
      ) : null}
      <ul className="mt-2 space-y-1.5">
        {inside?.map((member) => (
          <li
            key={member.user_id}
            className="flex items-center gap-3 rounded-lg border border-line bg-surface px-3 py-1.5 text-sm"
          >
            <span className="min-w-0 flex-1 truncate">
              <span className="font-medium text-ink">{member.name}</span>
              <span className="ms-2 text-ink-faint text-xs">{member.email}</span>
            </span>
            {mayWrite ? (
              <Button
                tone="ghost"
                size="icon-sm"
                aria-label={t('people.removeNamed', { name: member.name })}
                onClick={() => change.mutate({ userId: member.user_id, add: false })}
              >
                <X aria-hidden />
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayWrite && outside.length > 0 ? (
        <div className="mt-2 flex flex-wrap gap-2">
          <Select
            aria-label={t('people.person')}
            className="max-w-full"
            value={chosen}
            onChange={(event) => setPerson(event.target.value)}
          >
            {outside.map(({ user_id, name, email }) => (
              <option key={user_id} value={user_id}>
                {`${name} (${email})`}
              </option>
            ))}
          </Select>
          <Button
            icon={<Plus aria-hidden />}
            busy={change.isPending}
            onClick={() => change.mutate({ userId: chosen, add: true })}
          >
            {t('people.add')}
          </Button>
        </div>
      ) : null}
    </section>
  )
}
