import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { membersQuery } from '@/api/people'
import type { Place } from '@/app/session'
import { Field } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { RoleSelect } from './RoleSelect'

interface AddMemberProps {
  place: Place
  onAdded: () => void
  onClose: () => void
}

/** Gives a member of the organisation a role in the project. */
export function AddMemberDialog({ place, onAdded, onClose }: AddMemberProps) {
  const { t } = useTranslation()
  const members = useInfiniteQuery(membersQuery(place.organization.id))
  const people = members.data?.pages.flatMap(({ items }) => items) ?? []
  const [person, setPerson] = useState('')
  const [role, setRole] = useState('developer')
  const chosen = person || people[0]?.user_id || ''
  const add = useMutation({
    mutationFn: () =>
      call('PUT', `/projects/${place.project.id}/members/${chosen}`, { body: { role } }),
    onSuccess: () => {
      onAdded()
      onClose()
    },
  })
  return (
    <FormDialog
      title={t('people.addTitle', { project: place.project.name })}
      description={t('people.addText')}
      action={t('people.add')}
      busy={add.isPending}
      error={add.error}
      disabled={!chosen}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <Field label={t('people.person')}>
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={chosen}
            onChange={(event) => setPerson(event.target.value)}
          >
            {people.map(({ user_id, name, email }) => (
              <option key={user_id} value={user_id}>
                {`${name} (${email})`}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('people.role')}>
        {(control) => (
          <RoleSelect
            id={control.id}
            orgId={place.organization.id}
            level="project"
            className="w-full"
            value={role}
            onChange={setRole}
          />
        )}
      </Field>
    </FormDialog>
  )
}
