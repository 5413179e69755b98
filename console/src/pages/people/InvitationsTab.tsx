import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { MailPlus, MailX } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { invitationsQuery } from '@/api/people'
import type { CreatedInvitation, Invitation } from '@/api/types'
import { ActionButton, roleName } from '@/app/permission'
import type { Place } from '@/app/session'
import { Button } from '@/ui/button'
import { Confirm } from '@/ui/confirm'
import { Dialog, DialogActions } from '@/ui/dialog'
import { Empty } from '@/ui/empty'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { ListCard } from '@/ui/list-card'
import { SecretOnce } from '@/ui/secret'
import { Select } from '@/ui/select'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'
import type { VirtualColumn } from '@/ui/virtual-table'
import { type InvitationState, invitationState } from './invitation-state'
import { RoleSelect } from './RoleSelect'

const TONES = { open: 'accent', accepted: 'ok', expired: 'idle', withdrawn: 'idle' } as const

/** Who was asked to join: a link that one passes on, with no mail server in between. */
export function InvitationsTab({ place }: { place: Place }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const orgId = place.organization.id
  const [inviting, setInviting] = useState(false)
  const [withdrawing, setWithdrawing] = useState<Invitation | null>(null)
  const query = invitationsQuery(orgId)
  const invitations = useInfiniteQuery(query)
  const rows = useMemo(
    () => invitations.data?.pages.flatMap(({ items }) => items),
    [invitations.data],
  )
  const withdraw = useMutation({
    mutationFn: (one: Invitation) => call('DELETE', `/invitations/${one.id}`),
    onSuccess: () => toast.done(t('invitations.withdrawn')),
    onError: toast.failed,
    onSettled: () => {
      setWithdrawing(null)
      void queries.invalidateQueries({ queryKey: query.queryKey })
    },
  })
  const columns: VirtualColumn<Invitation>[] = [
    {
      id: 'email',
      header: t('invitations.email'),
      cell: (one) => <span className="block truncate font-medium text-ink">{one.email}</span>,
    },
    {
      id: 'role',
      header: t('people.role'),
      width: 'w-44',
      from: 'sm',
      cell: (one) => <span className="text-ink-soft">{roleName(t, one.role)}</span>,
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-28',
      cell: (one) => {
        const state: InvitationState = invitationState(one, Date.now())
        return (
          <Badge tone={TONES[state]} dot>
            {t(`invitations.states.${state}`)}
          </Badge>
        )
      },
    },
    {
      id: 'expires',
      header: t('keys.expires'),
      width: 'w-36',
      from: 'md',
      cell: (one) => (
        <span className="text-ink-soft">
          <RelativeTime at={one.expires_at} />
        </span>
      ),
    },
    {
      id: 'actions',
      header: <span className="sr-only">{t('common.actions')}</span>,
      width: 'w-16 sm:w-36',
      align: 'end',
      cell: (one) =>
        invitationState(one, Date.now()) === 'open' ? (
          <ActionButton
            permission="member:write"
            place={{ orgId }}
            size="sm"
            tone="ghost"
            icon={<MailX aria-hidden />}
            aria-label={t('invitations.withdrawNamed', { email: one.email })}
            onClick={() => setWithdrawing(one)}
          >
            <span className="max-sm:sr-only">{t('invitations.withdraw')}</span>
          </ActionButton>
        ) : null,
    },
  ]
  const invite = (
    <ActionButton
      permission="member:write"
      place={{ orgId }}
      tone="primary"
      icon={<MailPlus aria-hidden />}
      onClick={() => setInviting(true)}
    >
      {t('people.invite')}
    </ActionButton>
  )
  return (
    <>
      <ListCard
        title={t('people.tabs.invitations')}
        actions={rows && rows.length > 0 ? invite : null}
        list={invitations}
        rows={rows}
        columns={columns}
        rowId={(one) => one.id}
        empty={
          <Empty icon={MailPlus} title={t('invitations.emptyTitle')} action={invite}>
            {t('invitations.emptyText')}
          </Empty>
        }
      />
      {inviting ? <InviteDialog place={place} onClose={() => setInviting(false)} /> : null}
      <Confirm
        open={withdrawing !== null}
        onOpenChange={(open) => !open && setWithdrawing(null)}
        title={t('invitations.withdrawTitle', { email: withdrawing?.email ?? '' })}
        action={t('invitations.withdraw')}
        busy={withdraw.isPending}
        onConfirm={() => withdrawing && withdraw.mutate(withdrawing)}
      >
        <p>{t('invitations.withdrawText')}</p>
      </Confirm>
    </>
  )
}

function InviteDialog({ place, onClose }: { place: Place; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const orgId = place.organization.id
  const [email, setEmail] = useState('')
  const [role, setRole] = useState('guest')
  const [project, setProject] = useState(place.project.id)
  const [projectRole, setProjectRole] = useState('developer')
  const [days, setDays] = useState(7)
  const invite = useMutation({
    mutationFn: () =>
      call<CreatedInvitation>('POST', `/organizations/${orgId}/invitations`, {
        body: {
          email: email.trim(),
          role,
          days,
          ...(project ? { project_id: project, project_role: projectRole } : {}),
        },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: invitationsQuery(orgId).queryKey }),
    // The link is a secret: it must not outlive this dialog in any cache.
    gcTime: 0,
  })
  if (invite.data) {
    return (
      <Dialog
        open
        dismissible={false}
        onOpenChange={(open) => !open && onClose()}
        title={t('invitations.linkTitle')}
        description={t('invitations.linkText', { email: invite.data.email })}
        className="sm:max-w-xl"
      >
        <div className="space-y-4">
          <SecretOnce
            secret={invite.data.link}
            label={t('invitations.link')}
            warning={t('invitations.linkOnce')}
          />
          <DialogActions>
            <Button tone="primary" onClick={onClose}>
              {t('invitations.passedOn')}
            </Button>
          </DialogActions>
        </div>
      </Dialog>
    )
  }
  return (
    <FormDialog
      title={t('people.invite')}
      description={t('invitations.text', { organization: place.organization.name })}
      action={t('invitations.action')}
      busy={invite.isPending}
      error={invite.error}
      onSubmit={() => invite.mutate()}
      onClose={onClose}
    >
      <Field label={t('invitations.email')}>
        {(control) => (
          <Input
            {...control}
            type="email"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('invitations.orgRole')}>
        {(control) => (
          <RoleSelect
            id={control.id}
            orgId={orgId}
            level="organization"
            className="w-full"
            value={role}
            onChange={setRole}
          />
        )}
      </Field>
      <Field label={t('invitations.project')}>
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={project}
            onChange={(event) => setProject(event.target.value)}
          >
            <option value="">{t('invitations.noProject')}</option>
            {place.organization.projects.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {project ? (
        <Field label={t('invitations.projectRole')}>
          {(control) => (
            <RoleSelect
              id={control.id}
              orgId={orgId}
              level="project"
              className="w-full"
              value={projectRole}
              onChange={setProjectRole}
            />
          )}
        </Field>
      ) : null}
      <Field label={t('invitations.days')}>
        {(control) => (
          <Input
            {...control}
            type="number"
            min={1}
            max={30}
            required
            value={days}
            onChange={(event) => setDays(event.target.valueAsNumber)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
