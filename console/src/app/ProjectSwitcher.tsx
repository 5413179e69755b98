import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ChevronsUpDown, FolderClosed, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { sessionQuery } from '@/api/queries'
import type { Organization, Project } from '@/api/types'
import { Button } from '@/ui/button'
import { Dialog, DialogActions } from '@/ui/dialog'
import { Field, Input } from '@/ui/field'
import { Menu } from '@/ui/menu'
import { Problem } from '@/ui/problem'
import { useToast } from '@/ui/toast'
import { useChooseProject, usePlace, useSession } from './session'

/** Shows organisation and project, and changes between those one may see. */
export function ProjectSwitcher() {
  const { t } = useTranslation()
  const { organizations } = useSession()
  const place = usePlace()
  const choose = useChooseProject()
  const [creatingIn, setCreatingIn] = useState<Organization | null>(null)
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className="flex w-full items-center gap-2.5 rounded-lg border border-line bg-surface px-2.5 py-2 text-start shadow-card transition-colors hover:border-line-strong">
          <span className="grid size-7 shrink-0 place-items-center rounded-md bg-accent-soft text-accent-ink">
            <FolderClosed aria-hidden className="size-4" />
          </span>
          <span className="min-w-0 flex-1">
            <span className="sr-only">{t('switcher.label')}</span>
            <span className="block truncate font-medium text-ink text-sm">
              {place?.project.name ?? t('switcher.none')}
            </span>
            <span className="block truncate text-2xs text-ink-faint">
              {place?.organization.name}
            </span>
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-ink-faint" />
        </Menu.Trigger>
        <Menu.Content align="start" className="w-(--radix-dropdown-menu-trigger-width)">
          <Menu.RadioGroup value={place?.project.id ?? ''} onValueChange={choose}>
            {organizations.map((organization) => (
              <Menu.Group key={organization.id}>
                <Menu.Label>{organization.name}</Menu.Label>
                {organization.projects.map((project) => (
                  <Menu.RadioItem key={project.id} value={project.id}>
                    <span className="truncate">{project.name}</span>
                  </Menu.RadioItem>
                ))}
              </Menu.Group>
            ))}
          </Menu.RadioGroup>
          {place ? (
            <>
              <Menu.Separator />
              <Menu.Item onSelect={() => setCreatingIn(place.organization)}>
                <Plus aria-hidden />
                {t('switcher.newProject')}
              </Menu.Item>
            </>
          ) : null}
        </Menu.Content>
      </Menu.Root>
      {creatingIn ? (
        <NewProject organization={creatingIn} onClose={() => setCreatingIn(null)} />
      ) : null}
    </>
  )
}

interface NewProjectProps {
  organization: Organization
  onClose: () => void
}

function NewProject({ organization, onClose }: NewProjectProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const choose = useChooseProject()
  const toast = useToast()
  const [name, setName] = useState('')
  const create = useMutation({
    mutationFn: () =>
      call<Project>('POST', `/organizations/${organization.id}/projects`, {
        body: { name: name.trim() },
      }),
    onSuccess: async (project) => {
      await queries.refetchQueries({ queryKey: sessionQuery.queryKey })
      onClose()
      choose(project.id)
      toast.done(t('switcher.created', { name: project.name }))
    },
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('switcher.newProject')}
      description={t('switcher.newProjectHint', { organization: organization.name })}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
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
        {create.isError ? <Problem error={create.error} /> : null}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" tone="primary" busy={create.isPending}>
            {t('switcher.create')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
