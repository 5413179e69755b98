import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Info } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Tagged } from '@/api/tagged'
import type { Capture, ProjectSettings } from '@/api/types'
import { Editing } from '@/app/editing'
import { ActionButton } from '@/app/permission'
import { Button } from '@/ui/button'
import { Dialog, DialogActions } from '@/ui/dialog'
import { Problem } from '@/ui/problem'
import { useToast } from '@/ui/toast'
import { projectQuery } from './queries'

type Level = NonNullable<Capture['level']>

const LEVELS: readonly Level[] = ['off', 'metadata', 'redacted', 'full']

interface NoticeProps {
  project: ProjectSettings
  show: 'calls' | 'records'
  onShow: (show: 'calls' | 'records') => void
}

/** Says what the project keeps of its calls, and lets whoever may change that. */
export function CaptureNotice({ project, show, onShow }: NoticeProps) {
  const { t } = useTranslation()
  const [changing, setChanging] = useState(false)
  const level = project.capture?.level ?? 'off'
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg bg-sunken px-3.5 py-2.5 text-sm">
      <Info aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <p className="min-w-0 flex-1 basis-64 text-ink-soft" data-capture={level}>
        {t(`capture.now.${level}`)}
      </p>
      <Button size="sm" onClick={() => onShow(show === 'calls' ? 'records' : 'calls')}>
        {show === 'calls' ? t('capture.showRecords') : t('capture.showCalls')}
      </Button>
      <ActionButton size="sm" permission="project:capture" onClick={() => setChanging(true)}>
        {t('capture.change')}
      </ActionButton>
      {changing ? (
        <Editing<ProjectSettings>
          path={`/projects/${project.id}`}
          title={t('capture.title')}
          onClose={() => setChanging(false)}
        >
          {(begun) => <CaptureDialog project={begun} onClose={() => setChanging(false)} />}
        </Editing>
      ) : null}
    </div>
  )
}

function CaptureDialog({
  project,
  onClose,
}: {
  project: Tagged<ProjectSettings>
  onClose: () => void
}) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [level, setLevel] = useState<Level>(project.capture?.level ?? 'off')
  const save = useMutation({
    mutationFn: () =>
      call<ProjectSettings>('PATCH', `/projects/${project.id}`, {
        body: { capture: level === 'off' ? null : { level, sample: project.capture?.sample ?? 1 } },
        ifMatch: project.revision,
      }),
    onSuccess: (changed) => {
      queries.setQueryData(projectQuery(project.id).queryKey, changed)
      toast.done(t('capture.saved'))
      onClose()
    },
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('capture.title')}
      description={t('capture.text', { project: project.name })}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <fieldset className="space-y-2">
          <legend className="sr-only">{t('capture.title')}</legend>
          {LEVELS.map((one) => (
            <label
              key={one}
              className="flex gap-3 rounded-lg border border-line p-3 has-checked:border-accent-ink"
            >
              <input
                type="radio"
                name="level"
                className="mt-0.5 size-4 accent-(--accent)"
                checked={level === one}
                onChange={() => setLevel(one)}
              />
              <span className="min-w-0">
                <span className="block font-medium text-ink text-sm">
                  {t(`capture.levels.${one}`)}
                </span>
                <span className="block text-ink-soft text-xs">{t(`capture.hints.${one}`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {save.isError ? <Problem error={save.error} className="mt-3" /> : null}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" tone="primary" busy={save.isPending}>
            {t('common.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
