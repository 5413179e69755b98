import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Plus, UsersRound } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { groupsQuery } from '@/api/people'
import type { Group } from '@/api/types'
import { ActionButton, roleName } from '@/app/permission'
import { Empty } from '@/ui/empty'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { ListCard } from '@/ui/list-card'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'
import type { VirtualColumn } from '@/ui/virtual-table'
import { GroupDrawer } from './GroupDrawer'

/** Groups of members, which hold roles for all who are in them. */
export function GroupsTab({ orgId }: { orgId: string }) {
  const { t } = useTranslation()
  const [creating, setCreating] = useState(false)
  const [open, setOpen] = useState<string | null>(null)
  const groups = useInfiniteQuery(groupsQuery(orgId))
  const rows = useMemo(() => groups.data?.pages.flatMap(({ items }) => items), [groups.data])
  const group = rows?.find(({ id }) => id === open)
  const columns: VirtualColumn<Group>[] = [
    {
      id: 'name',
      header: t('groups.name'),
      width: 'sm:w-72',
      opens: true,
      cell: (one) => <span className="font-medium text-ink">{one.name}</span>,
    },
    {
      id: 'description',
      header: t('groups.descriptionField'),
      from: 'md',
      cell: (one) => (
        <span className="block truncate text-ink-soft">{one.description || t('common.none')}</span>
      ),
    },
    {
      id: 'roles',
      header: t('groups.roles'),
      width: 'w-40 sm:w-72',
      cell: (one) => (
        <span className="flex gap-1 overflow-hidden">
          {one.roles.map(({ role, project_id }) => (
            <Badge key={`${role}/${project_id ?? ''}`} tone="accent">
              {roleName(t, role)}
            </Badge>
          ))}
          {one.roles.length === 0 ? t('common.none') : null}
        </span>
      ),
    },
  ]
  const create = (
    <ActionButton
      permission="member:write"
      place={{ orgId }}
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => setCreating(true)}
    >
      {t('groups.create')}
    </ActionButton>
  )
  return (
    <>
      <ListCard
        title={t('people.tabs.groups')}
        actions={rows && rows.length > 0 ? create : null}
        list={groups}
        rows={rows}
        columns={columns}
        rowId={(one) => one.id}
        onOpen={(one) => setOpen(one.id)}
        empty={
          <Empty icon={UsersRound} title={t('groups.emptyTitle')} action={create}>
            {t('groups.emptyText')}
          </Empty>
        }
      />
      {group ? <GroupDrawer group={group} onClose={() => setOpen(null)} /> : null}
      {creating ? (
        <NewGroup
          orgId={orgId}
          onClose={() => setCreating(false)}
          onCreated={(one) => setOpen(one.id)}
        />
      ) : null}
    </>
  )
}

interface NewGroupProps {
  orgId: string
  onCreated: (group: Group) => void
  onClose: () => void
}

function NewGroup({ orgId, onCreated, onClose }: NewGroupProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const create = useMutation({
    mutationFn: () =>
      call<Group>('POST', `/organizations/${orgId}/groups`, {
        body: { name: name.trim(), description: description.trim() },
      }),
    onSuccess: async (group) => {
      await queries.invalidateQueries({ queryKey: groupsQuery(orgId).queryKey })
      toast.done(t('groups.created', { name: group.name }))
      onClose()
      onCreated(group)
    },
  })
  return (
    <FormDialog
      title={t('groups.create')}
      description={t('groups.emptyText')}
      action={t('groups.create')}
      busy={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <Field label={t('groups.name')}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('groups.descriptionField')}>
        {(control) => (
          <Input
            {...control}
            maxLength={500}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
