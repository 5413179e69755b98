import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { membersQuery } from '@/api/people'
import type { Tagged } from '@/api/tagged'
import type { ServiceAccount } from '@/api/types'
import { useSession } from '@/app/session'
import { Field } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'

/** Gives a service account to somebody else, who answers for it from then on. */
export function OwnerDialog({
  account,
  onClose,
}: {
  account: Tagged<ServiceAccount>
  onClose: () => void
}) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const { user } = useSession()
  const members = useInfiniteQuery(membersQuery(account.org_id))
  const people = (members.data?.pages ?? [])
    .flatMap(({ items }) => items)
    .filter(({ user_id }) => user_id !== account.owner_id)
  const [person, setPerson] = useState('')
  // Nobody is made to answer for it by a default, other than whoever presses the button.
  const chosen = person || people.find(({ user_id }) => user_id === user.id)?.user_id || ''
  const save = useMutation({
    mutationFn: () =>
      call<ServiceAccount>('PATCH', `/service-accounts/${account.id}`, {
        body: { owner_id: chosen },
        ifMatch: account.revision,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['service-accounts'] })
      toast.done(t('serviceAccounts.handedOver', { name: account.name }))
      onClose()
    },
  })
  return (
    <FormDialog
      title={t('serviceAccounts.handOver')}
      description={t('serviceAccounts.handOverText')}
      action={t('serviceAccounts.handOver')}
      busy={save.isPending}
      error={save.error}
      disabled={!chosen}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Field label={t('serviceAccounts.owner')}>
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={chosen}
            onChange={(event) => setPerson(event.target.value)}
          >
            {chosen ? null : <option value="">{t('serviceAccounts.choose')}</option>}
            {people.map(({ user_id, name, email }) => (
              <option key={user_id} value={user_id}>
                {`${name} (${email})`}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </FormDialog>
  )
}
