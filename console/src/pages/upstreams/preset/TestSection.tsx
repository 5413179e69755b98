import { useMutation } from '@tanstack/react-query'
import { Activity } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConnectionTest } from '@/api/types'
import { Button } from '@/ui/button'
import { Field, Input } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { Findings } from './Findings'

interface TestSectionProps {
  disabled: boolean
  /** Runs the test; `callModel` is what the smallest call goes to, empty for none. */
  test: (callModel: string) => Promise<ConnectionTest>
  onResult?: (result: ConnectionTest) => void
}

/** A connection test in a form: whether the server is reached, and what to do where it is not. */
export function TestSection({ disabled, test, onResult }: TestSectionProps) {
  const { t } = useTranslation()
  const id = useId()
  const [callModel, setCallModel] = useState('')
  const run = useMutation({
    mutationFn: () => test(callModel.trim()),
    onSuccess: (result) => onResult?.(result),
    // What was sent may hold a vendor's key.
    gcTime: 0,
  })
  return (
    <section
      aria-labelledby={`${id}-title`}
      className="space-y-3 rounded-xl border border-line bg-surface p-4"
    >
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-56">
          <h3 id={`${id}-title`} className="font-medium text-ink text-sm">
            {t('connectionTest.title')}
          </h3>
          <p className="text-ink-faint text-xs">{t('connectionTest.text')}</p>
        </div>
        <Button
          icon={<Activity aria-hidden />}
          busy={run.isPending}
          disabled={disabled}
          onClick={() => run.mutate()}
        >
          {t('connectionTest.action')}
        </Button>
      </div>
      <Field label={t('connectionTest.callModel')} hint={t('connectionTest.callModelHint')}>
        {(control) => (
          <Input
            {...control}
            list={`${id}-models`}
            value={callModel}
            onChange={(event) => setCallModel(event.target.value)}
          />
        )}
      </Field>
      <datalist id={`${id}-models`}>
        {(run.data?.models ?? []).map((model) => (
          <option key={model} value={model} />
        ))}
      </datalist>
      {run.error ? <Problem error={run.error} /> : null}
      <Findings result={run.data ?? null} running={run.isPending} />
    </section>
  )
}
